// Promotion by the verdict file of an earlier job.
import type { Directory, File } from "@dagger.io/dagger"
import { gate } from "../../core/gate/gate.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { overrideIn, replaySigned } from "../../core/gate/signed-verdict.js"
import { type Claim, claimOf, requireClaimHolds } from "../../core/gate/verdict-claim.js"
import { openVerdictFile, type VerdictFile } from "../../core/gate/verdict-file.js"
import { parseRepository, type Reference } from "../../core/oci/reference.js"
import { carryOut, type PromotionFields } from "../session/carry-out.js"
import { promotionTarget, sbomType, targetReference } from "../session/image-arguments.js"
import { readJsonFiles } from "../session/result-files.js"
import { begin, type Session } from "../session/session.js"
import type { State } from "../state/state.js"
import type { PromoteGatedArguments } from "./promote-gated.js"

export type VerdictArguments = PromoteGatedArguments & {
  readonly verdict: File
  readonly source: string
  readonly reports: Directory | undefined
}

/**
 * A verdict file is a claim: it is derived again now, from the same digest, under the caller's own policy. One that a
 * key of ours signed is proven instead, and judged again from the results that its digests bind.
 */
export async function promoteByVerdict(state: State, args: VerdictArguments): Promise<PromotionFields> {
  const { session, source, named, text } = await begin(state, {
    source: () => parseRepository(args.source),
    named: () => targetReference(args.target),
    text: () => args.verdict.contents(),
  })
  const { operation } = session
  const file = openVerdictFile(text, operation.trust)
  const claim = claimOf(operation, file.text, source)
  const target = promotionTarget(named, claim.image)
  const gated = await judgeAgain(session, { file, claim, target, reports: args.reports })
  requireClaimHolds(claim, gated.verdict)
  return carryOut(session, gated, { ...args, target })
}

type Claimed = {
  readonly file: VerdictFile
  readonly claim: Claim
  readonly target: Reference
  readonly reports: Directory | undefined
}

async function judgeAgain(session: Session, { file, claim, target, reports }: Claimed): Promise<GateResult> {
  const { operation } = session
  const { signed } = file
  if (signed !== undefined && reports !== undefined)
    return replaySigned(operation, { verdict: signed.verdict, image: claim.image, files: await readJsonFiles(reports) })
  const override = signed === undefined ? undefined : overrideIn(signed.verdict)
  return gate(operation, {
    image: await session.pin(claim.image),
    method: claim.method,
    predicateType: sbomType(claim.predicateType),
    vex: await session.vexFiles(),
    // What it would replace, as for a whole quarantine.
    baseline: target,
    ...(override === undefined ? {} : { override }),
  })
}
