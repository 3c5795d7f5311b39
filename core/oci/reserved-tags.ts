// Tags that are not versions of an image but hold what is attached to one, or what is left of one.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema (digests cut to 64
// characters), sigstore/cosign:specs/SIGNATURE_SPEC.md (.sig, .att, .sbom).
import type { Digest } from "./digest.js"

/** Where a repository's mirror history lives. */
export const mirrorHistoryTag = "mirror-history"

const maxAlgorithm = 32
const maxEncoded = 64
const encodedDigest = "sha(?:256-[0-9a-f]{64}|512-(?:[0-9a-f]{64}|[0-9a-f]{128}))"
const evidencePattern = new RegExp(`^${encodedDigest}(?:\\.(?:sig|att|sbom))?$`)
const retiredPattern = new RegExp(`^retired-${encodedDigest}$`)
const suffixes = ["sig", "att", "sbom"] as const

/** Tells whether a tag is never an image of its own, so that nobody may promote or delete it as one. */
export function isReservedTag(tag: string): boolean {
  return tag === mirrorHistoryTag || retiredPattern.test(tag) || isEvidenceTag(tag)
}

/** Tells whether a tag belongs to a digest: a list of its referrers, or one of cosign's. */
export function isEvidenceTag(tag: string): boolean {
  return evidencePattern.test(tag)
}

/** The tag under which registries without the referrers API keep a digest's referrers. */
export function referrersTag(digest: Digest): string {
  const [algorithm = "", encoded = ""] = digest.split(":")
  return `${algorithm.slice(0, maxAlgorithm)}-${encoded.slice(0, maxEncoded)}`
}

/** cosign's tags for one digest: signatures, attestations, SBOMs. */
export function digestTags(digest: Digest): readonly string[] {
  return suffixes.map((suffix) => `${referrersTag(digest)}.${suffix}`)
}

/** Every tag under which clients keep what belongs to a digest. */
export function evidenceTags(digest: Digest): readonly string[] {
  return [referrersTag(digest), ...digestTags(digest)]
}

/** Where the tombstone of a retired digest lives. */
export function retiredTag(digest: Digest): string {
  return `retired-${referrersTag(digest)}`
}
