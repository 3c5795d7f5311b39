// An override by the verdict file of an earlier job, which only says what to judge again: it is about what is found now.
import type { File } from "@dagger.io/dagger"
import { gate } from "../../core/gate/gate.js"
import { defaultJudging, type Judging } from "../../core/gate/judging.js"
import { overridden } from "../../core/gate/overridden.js"
import { baselineIn } from "../../core/gate/signed-verdict.js"
import { blockedClaim } from "../../core/gate/verdict-claim.js"
import { openVerdictFile } from "../../core/gate/verdict-file.js"
import { parseRepository } from "../../core/oci/reference.js"
import { checkOverride } from "../../core/policy/exceptions/override.js"
import { gateFields } from "../session/gate-fields.js"
import { sbomType } from "../session/image-arguments.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"
import type { OverrideArguments } from "./override.js"

export type OverrideVerdictArguments = OverrideArguments &
  Partial<Judging> & { readonly verdict: File; readonly source: string }

export async function runOverrideVerdict(state: State, { verdict, source, ...args }: OverrideVerdictArguments) {
  const { method = defaultJudging.method, predicateType = defaultJudging.predicateType } = args
  const { session, repository, file } = await begin(state, {
    repository: () => parseRepository(source),
    file: () => verdict.contents(),
    override: () => checkOverride(args, new Date()),
  })
  const { operation } = session
  const opened = openVerdictFile(file, operation.trust)
  const { signed } = opened
  const claim = blockedClaim({ file: opened, source: repository, judging: { method, predicateType } })
  const baseline = signed === undefined ? undefined : baselineIn(signed.verdict)
  const gated = await gate(operation, {
    image: claim.image,
    method: claim.method,
    predicateType: sbomType(claim.predicateType),
    vex: await session.vexFiles(),
    ...(baseline === undefined ? {} : { baseline }),
  })
  return gateFields(state, operation, overridden(operation, gated, args))
}
