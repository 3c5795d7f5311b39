// One image to another repository by digest, without a tag: nothing can reach it by name before it is complete.
import type { Digest } from "../oci/digest.js"
import type { Manifest } from "../oci/manifest.js"
import type { PinnedReference, Repository } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import { completeImage } from "./complete.js"

export type ImageCopy = {
  readonly source: PinnedReference
  readonly target: Repository
  readonly manifest: Manifest
  /** All referrers too. */
  readonly referrers: boolean
  /** The target has this digest already, perhaps without all that belongs to it. */
  readonly present: boolean
}

/** Returns the digests that a half-filled target lacked. */
export async function copyImage(
  registry: Registry,
  { source, target, manifest, referrers, present }: ImageCopy,
): Promise<readonly Digest[]> {
  const repaired = present ? await completeImage(registry, source, target, manifest) : []
  if (!present || referrers) await registry.copy({ source, target, referrers })
  return repaired
}
