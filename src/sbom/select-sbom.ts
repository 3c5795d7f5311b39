// Chooses the SBOM of one platform among what is attached to it. Anyone who can write to a repository can attach, so
// every doubt is a problem by name; which problems block is the policy's business.
import type { SignatureFact } from "../attestation/signature.js"
import type { Problem, SbomSource } from "../findings/assessment.js"
import type { Digest } from "../oci/digest.js"
import type { ImageManifest } from "../oci/manifest.js"
import { type ReadSbom, readCandidate } from "./read-candidate.js"
import type { Sbom } from "./sbom.js"
import { fingerprint } from "./fingerprint.js"

/** One blob that may hold the SBOM, as fetched. */
export type SbomCandidate = {
  /** Digest of the manifest that carries it. */
  readonly referrer: Digest
  /** That manifest; its subject says what the SBOM is attached to. */
  readonly manifest: ImageManifest
  /** What it is attached to when the manifest has no subject: BuildKit's index entries, cosign's `.att` tags. */
  readonly attachedTo?: Digest
  /** Digest of the layer that was fetched. */
  readonly blob: Digest
  /** The layer; or why it could not be fetched. */
  readonly content: Uint8Array | string | { readonly error: string }
  readonly signature: SignatureFact
}

export type WantedSbom = { readonly predicateType: string; readonly platformDigest: Digest }

export type SelectedSbom = {
  readonly source: SbomSource
  readonly sbom: Sbom
  /** The document to hand to the scanner. */
  readonly document: unknown
}

/**
 * Selects the newest usable SBOM, a signed one first, and reports everything that is wrong with any candidate of the wanted type. Several
 * that differ in their packages are `SBOM_AMBIGUOUS`: one of them may be planted.
 */
export function selectSbom(
  candidates: readonly SbomCandidate[],
  wanted: WantedSbom,
): { readonly selected?: SelectedSbom; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const usable: ReadSbom[] = []
  for (const candidate of [...candidates].sort(byDigest)) {
    const result = readCandidate(candidate, wanted)
    problems.push(...result.problems)
    if (result.sbom) usable.push(result.sbom)
  }
  const [selected, ...others] = usable.sort(bestFirst)
  if (selected === undefined) return { problems: problems.length > 0 ? problems : [missing(wanted, candidates.length)] }
  // What nobody signed cannot make a signed one doubtful: else whoever may attach could stop every promotion.
  const rivals = others.filter(({ verified }) => verified || !selected.verified)
  const differing = rivals.filter((other) => fingerprint(other.selected.sbom) !== fingerprint(selected.selected.sbom))
  if (differing.length > 0) problems.push(ambiguous(selected, differing))
  return { selected: selected.selected, problems }
}

function missing({ predicateType, platformDigest }: WantedSbom, seen: number): Problem {
  const others = seen > 0 ? ` (${seen} attachments are of another type)` : ""
  const message = `no SBOM of type ${predicateType} is attached to ${platformDigest}${others}: attach one, or scan the image`
  return { code: "SBOM_MISSING", message }
}

function ambiguous(selected: ReadSbom, differing: readonly ReadSbom[]): Problem {
  const names = differing.map((other) => other.selected.source.referrer).join(", ")
  const message = `SBOM ${selected.selected.source.referrer} was used, but ${names} lists other packages: remove the wrong one`
  return { code: "SBOM_AMBIGUOUS", message }
}

function byDigest(left: SbomCandidate, right: SbomCandidate): number {
  const order = (candidate: SbomCandidate) => `${candidate.referrer} ${candidate.blob}`
  return order(left) < order(right) ? -1 : 1
}

/**
 * A signed one before all others, then by the date that the manifest states; without one last. The sort is stable, so
 * that digests decide between equals.
 */
function bestFirst(left: ReadSbom, right: ReadSbom): number {
  return Number(right.verified) - Number(left.verified) || right.created - left.created
}
