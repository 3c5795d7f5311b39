// Promotion by the verdict file of an earlier job.
import type { Directory, File } from "@dagger.io/dagger"
import { parseRepository } from "../../core/oci/reference.js"
import { gate } from "../../core/gate/gate.js"
import { pin } from "../../core/image/image-graph.js"
import { overrideIn, replaySigned } from "../../core/gate/signed-verdict.js"
import { claimOf, requireClaimHolds } from "../../core/gate/verdict-claim.js"
import { openVerdictFile } from "../../core/gate/verdict-file.js"
import { readFiles } from "./evaluate.js"
import { sbomType } from "./gate.js"
import { targetOf } from "./mirror.js"
import { carryOut, type PromoteArguments, type PromotionState } from "./promote.js"
import { Session } from "./session.js"
import type { State } from "../state/state.js"

/**
 * A verdict file is a claim: it is derived again now, from the same digest, under the caller's own policy. One that a
 * key of ours signed is proven instead, and judged again from the results that its digests bind.
 */
export async function runPromoteVerdict(
  state: State,
  file: File,
  source: string,
  reports: Directory | undefined,
  options: PromoteArguments,
): Promise<PromotionState> {
  const session = await Session.open(state)
  const operation = await session.operation()
  const { text, signed } = openVerdictFile(await file.contents(), operation.trust)
  const claim = claimOf(operation, text, parseRepository(source))
  if (signed !== undefined && reports !== undefined) {
    const results = { verdict: signed.verdict, image: claim.image, files: await readFiles(reports) }
    const gated = replaySigned(operation, results)
    requireClaimHolds(claim, gated.verdict)
    return carryOut(session, gated, options)
  }
  const target = targetOf(options.target, claim.image)
  const request = {
    image: await pin(session.registry, claim.image),
    method: claim.method,
    predicateType: sbomType(claim.predicateType),
    vex: await session.vexFiles(),
    // What it would replace, as for a whole quarantine.
    ...(target.tag === undefined ? {} : { baseline: target }),
  }
  const override = signed === undefined ? undefined : overrideIn(signed.verdict)
  const gated = await gate(operation, override === undefined ? request : { ...request, override })
  requireClaimHolds(claim, gated.verdict)
  return carryOut(session, gated, options)
}
