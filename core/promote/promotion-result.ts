// What a promotion is asked for and what it tells afterwards.
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import type { DeletionWay } from "../delete/delete-image.js"
import type { DeletionResult } from "../delete/deletion.js"
import type { GateResult } from "../gate/gate-result.js"
import type { Digest } from "../oci/digest.js"
import { formatReference, type PinnedReference, type Reference } from "../oci/reference.js"
import type { ReferrerEdge } from "../oci/referrers.js"
import type { Outcome, Verdict } from "../policy/verdict/verdict.js"
import type { Pruned } from "./pruned.js"
import type { LeftBehind } from "./select-evidence.js"

export type PromotionRequest = {
  /** What was judged, by digest; its tag is only told. */
  readonly source: PinnedReference
  readonly target: Reference
  readonly dryRun: boolean
  /** How the target's registry deletes what newer evidence replaced; by its own DELETE unless told otherwise. */
  readonly deletionWay?: DeletionWay
}

export type PromotionOutcome = Outcome | "dryrun" | "unchanged" | "failed"

const passing: ReadonlySet<string> = new Set<PromotionOutcome>(["promote", "unchanged", "dryrun"])

/** Whether an outcome is one that a pipeline goes on after. */
export function isPassing(outcome: string): boolean {
  return passing.has(outcome)
}

export type PromotionResult = {
  readonly schema: "https://cssc.dev/promotion/v1"
  readonly outcome: PromotionOutcome
  readonly source: string
  readonly target: string
  readonly digest: Digest
  readonly previousDigest?: Digest
  readonly copied: boolean
  readonly tagged: boolean
  /** What we attached, or found attached with the same content. */
  readonly evidence: readonly AttachedEvidence[]
  readonly carried: readonly ReferrerEdge[]
  /** cosign's older attachments that came along, by tag. */
  readonly digestTags: readonly string[]
  readonly leftBehind: readonly LeftBehind[]
  /** Where the source's tag points now, when it moved after it was judged. */
  readonly sourceMovedTo?: string
  readonly deletion?: DeletionResult
  /** Evidence of ours that newer evidence of ours replaced; left out when there was none. */
  readonly pruned?: Pruned
  readonly verdict: Verdict
  /** Why it failed: a code and a line. */
  readonly error?: string
}

/** A promotion that has done nothing yet. */
export function promotionResult(
  { verdict }: Pick<GateResult, "verdict">,
  { source, target }: PromotionRequest,
): PromotionResult {
  return {
    schema: "https://cssc.dev/promotion/v1",
    outcome: verdict.outcome,
    source: formatReference(source),
    target: formatReference(target),
    digest: source.digest,
    copied: false,
    tagged: false,
    evidence: [],
    carried: [],
    digestTags: [],
    leftBehind: [],
    verdict,
  }
}
