// A verdict file that says an image passed, judged again: what it says is never believed.
import type { Directory } from "@dagger.io/dagger"
import { gate } from "../../core/gate/gate.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { overrideIn, replaySigned } from "../../core/gate/signed-verdict.js"
import { type Claim, requireClaimHolds } from "../../core/gate/verdict-claim.js"
import type { VerdictFile } from "../../core/gate/verdict-file.js"
import type { Reference } from "../../core/oci/reference.js"
import { sbomType } from "./image-arguments.js"
import { readJsonFiles } from "./result-files.js"
import type { Session } from "./session.js"

export type Claimed = {
  readonly file: VerdictFile
  readonly claim: Claim
  readonly target: Reference
  /** The results that a signed verdict was made from. */
  readonly reports: Directory | undefined
}

/**
 * Derived again now, from the same digest, under the caller's own policy. One that a key of ours signed is proven
 * instead, and judged again from the results that its digests bind.
 */
export async function judgeClaim(session: Session, claimed: Claimed): Promise<GateResult> {
  const gated = await judgeAgain(session, claimed)
  requireClaimHolds(claimed.claim, gated.verdict)
  return gated
}

async function judgeAgain(session: Session, { file, claim, target, reports }: Claimed): Promise<GateResult> {
  const { operation } = session
  const { signed } = file
  if (signed !== undefined && reports !== undefined)
    return replaySigned(operation, { verdict: signed.verdict, image: claim.image, files: await readJsonFiles(reports) })
  const override = signed === undefined ? undefined : overrideIn(signed.verdict)
  const vex = await session.vexFiles()
  return gate(operation, {
    image: await session.pin(claim.image),
    method: claim.method,
    predicateType: sbomType(claim.predicateType),
    vex,
    // What it would replace, as for a whole quarantine.
    baseline: target,
    ...(override === undefined ? {} : { override }),
  })
}
