// Tags that are part of the evidence: the referrers tag schema and cosign's digest tags.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
import { type Digest } from "../oci/digest.js"

const reservedTags: ReadonlySet<string> = new Set(["mirror-history"])
const digestTagPattern = /^sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{64,128})(?:\.(?:sig|att|sbom))?$/
const suffixes = ["", ".sig", ".att", ".sbom"]
const maxTagHex = 64

/** Tags under which clients keep what belongs to a subject. */
export function listEvidenceTags(subject: Digest): string[] {
  const [algorithm = "", hex = ""] = subject.split(":")
  return suffixes.map((suffix) => `${algorithm}-${hex.slice(0, maxTagHex)}${suffix}`)
}

/** Tells whether a tag belongs to a subject and names no image. */
export function isEvidenceTag(tag: string): boolean {
  return digestTagPattern.test(tag)
}

/** Tells whether a tag is ours or the evidence's, so that nobody may delete it as an image. */
export function isReservedTag(tag: string): boolean {
  return reservedTags.has(tag) || isEvidenceTag(tag)
}
