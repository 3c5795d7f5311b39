// What a run over a quarantine is asked for, and how each tag ends.
import type { VexFile } from "../assess/find-vex.js"
import type { DeletionWay } from "../delete/delete-image.js"
import type { ScanMethod } from "../findings/assessment.js"
import type { GateResult } from "../gate/gate-result.js"
import type { Repository } from "../oci/reference.js"
import type { TagSelection } from "../oci/tags.js"
import type { PromotionResult } from "./promotion-result.js"

export type QuarantineRequest = {
  readonly source: Repository
  readonly target: Repository
  readonly tags: TagSelection
  readonly method: ScanMethod
  readonly predicateType: string
  readonly deleteSource: boolean
  /** How the source's registry deletes. */
  readonly deletionWay: DeletionWay
  /** How the target's registry deletes what newer evidence replaced; by its own DELETE unless told otherwise. */
  readonly targetDeletionWay?: DeletionWay
  readonly dryRun: boolean
  readonly vex?: readonly VexFile[]
}

/** One tag's end: a promotion that may have happened, or why nothing could be decided. */
export type TagRun = { readonly tag: string } & (
  { readonly promotion: PromotionResult; readonly gate: GateResult } | { readonly error: string }
)
