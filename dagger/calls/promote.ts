// Promotion in one call: of an image that is gated now, or by the verdict file of an earlier job.
import type { Directory, File } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { gate } from "../../core/gate/gate.js"
import { claimOf } from "../../core/gate/verdict-claim.js"
import { openVerdictFile, requireSignedFor } from "../../core/gate/verdict-file.js"
import { parseRepository } from "../../core/oci/reference.js"
import { carryOut, type PromotionFields } from "../session/carry-out.js"
import { namedReference, promotionTarget, sbomType, targetOf, targetReference } from "../session/image-arguments.js"
import { judgeClaim } from "../session/judge-claim.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"
import type { GateArguments } from "./gate.js"
import type { PromoteGatedArguments } from "./promote-gated.js"

type VerdictArguments = Pick<GateArguments, "method" | "predicateType"> & {
  readonly source: string
  readonly reports: Directory | undefined
}

export type PromoteArguments = GateArguments &
  PromoteGatedArguments &
  VerdictArguments & { readonly verdict: File | undefined }

export async function runPromote(state: State, args: PromoteArguments): Promise<PromotionFields> {
  const { verdict, ...rest } = args
  checkChoice(args)
  return verdict === undefined ? promoteImage(state, rest) : promoteByVerdict(state, verdict, rest)
}

async function promoteImage(state: State, args: GateArguments & PromoteGatedArguments): Promise<PromotionFields> {
  const { session, reference, target, predicateType, baseline } = await begin(state, {
    reference: () => namedReference(args.image),
    target: () => promotionTarget(targetReference(args.target), namedReference(args.image)),
    predicateType: () => sbomType(args.predicateType),
    baseline: () => (args.baseline === "" ? undefined : targetReference(args.baseline)),
  })
  const vex = await session.vexFiles()
  const image = await session.pin(reference)
  // By default what it would replace, as for a whole quarantine.
  const compared = baseline === undefined ? target : targetOf(baseline, image)
  const request = { image, method: args.method, predicateType, vex, baseline: compared }
  const gated = await gate(session.operation, request)
  return carryOut(session, gated, { ...args, target })
}

async function promoteByVerdict(
  state: State,
  verdict: File,
  args: VerdictArguments & PromoteGatedArguments,
): Promise<PromotionFields> {
  const { session, source, named, text } = await begin(state, {
    source: () => parseRepository(args.source),
    named: () => targetReference(args.target),
    text: () => verdict.contents(),
  })
  const { operation } = session
  const file = openVerdictFile(text, operation.trust)
  requireSignedFor(file, args.reports)
  const { method, predicateType } = args
  const claim = claimOf(operation, { file, source, judging: { method, predicateType } })
  const target = promotionTarget(named, claim.image)
  const gated = await judgeClaim(session, { file, claim, target, reports: args.reports })
  return carryOut(session, gated, { ...args, target })
}

// Exactly one of both, with what goes with it and nothing of the other.
function checkChoice({ image, verdict, source, baseline, reports }: PromoteArguments): void {
  const problems =
    (image === "") === (verdict === undefined)
      ? ["promote takes an image, which it gates now, or the verdict of an earlier job: give exactly one of the two"]
      : verdict === undefined
        ? [
            ...(source === "" ? [] : ["source goes with verdict: an image is named whole"]),
            ...(reports === undefined ? [] : ["reports go with a signed verdict"]),
          ]
        : [
            ...(source === "" ? ["a verdict needs source: the repository that it must be about"] : []),
            ...(baseline === "" ? [] : ["baseline goes with image: a verdict is compared with what it would replace"]),
          ]
  if (problems.length > 0) throw new CsscError("ARGUMENT_INVALID", problems.join("; "))
}
