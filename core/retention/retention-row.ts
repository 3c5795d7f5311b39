// What is told of one image of a quarantine.
import type { Digest } from "../oci/digest.js"

/** One image: a digest with all of its tags, sorted. */
export type RetentionRow = {
  readonly digest: Digest
  readonly tags: readonly string[]
  readonly decision: "delete" | "keep"
  readonly why: string
  readonly since?: string
  readonly dated?: "provenance" | "history"
  /** Manifests that go with it, and that stay though it goes. */
  readonly goes?: readonly Digest[]
  readonly stays?: readonly { readonly digest: Digest; readonly why: string }[]
}
