// One blocked image as it is asked about: its name without the digest is what its issue is found by.
import { canonicalJson } from "../findings/canonical-json.js"
import { type Digest, digestOf } from "../oci/digest.js"
import { parseReference, repositoryName } from "../oci/reference.js"
import type { ImageOutcome } from "../outcomes/read-outcomes.js"

/** registry/repository:tag, whatever its digest. */
export function imageKey(reference: string): string {
  const parsed = parseReference(reference)
  return `image ${repositoryName(parsed)}${parsed.tag === undefined ? "" : `:${parsed.tag}`}`
}

/** The key of a run as a whole. */
export function runKey(name: string): string {
  return `run ${name}`
}

/** A digest of a set of ids. */
export function idsDigest(ids: readonly string[]): Digest {
  return digestOf(canonicalJson([...new Set(ids.map((id) => id.toUpperCase()))].sort()))
}

/** What blocks an image that an approval can lift. */
export function remainingOf({ verdict }: ImageOutcome): readonly string[] {
  return verdict?.remaining ?? []
}
