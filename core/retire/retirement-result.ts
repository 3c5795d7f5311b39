// What retiring an image did: a document to keep beside the archive.
import type { DeletionResult } from "../delete/deletion.js"
import type { Digest } from "../oci/digest.js"

/** `written` now, or `existing` from an earlier run; `restored` when the registry took it along with the image. */
export type TombstoneState = {
  readonly tag: string
  readonly digest: Digest
  readonly state: "written" | "existing" | "restored"
}

export type RetirementResult = {
  readonly schema: "https://cssc.dev/retirement/v1"
  readonly image: string
  readonly digest: Digest
  readonly reason: string
  readonly successor?: string
  /** ISO 8601 in UTC. */
  readonly retiredAt: string
  /** The tags that the image had. */
  readonly tags: readonly string[]
  readonly dryRun: boolean
  /** What is in the archive, or would be: manifests and blobs. `verified`: each was found there with its bytes. */
  readonly archive: { readonly manifests: number; readonly digests: readonly Digest[]; readonly verified: boolean }
  /** Left out after a dry run. */
  readonly tombstone?: TombstoneState
  /** Left out when it was not asked for. */
  readonly deletion?: DeletionResult
}
