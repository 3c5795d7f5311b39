// What pruning is asked for and what it did.
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import type { DeletionWay } from "../delete/delete-image.js"
import type { Attached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import type { Repository } from "../oci/reference.js"

export type Pruned = {
  /** Manifests of replaced evidence that were removed. */
  readonly removed: readonly Digest[]
  /** Why others are still there. */
  readonly note?: string
}

export type PruneRequest = {
  readonly target: Repository
  /** What was attached before this run. */
  readonly already: Attached
  /** What this run attached, or found attached with the same content. */
  readonly evidence: readonly AttachedEvidence[]
  /** How the target's registry deletes; by its own DELETE unless told otherwise. */
  readonly deletionWay?: DeletionWay | undefined
}
