// What may be a platform's SBOM, what was asked for, and what was chosen.
import type { SignatureFact } from "../attestation/signature.js"
import type { SbomSource } from "../findings/assessment.js"
import type { Digest } from "../oci/digest.js"
import type { ImageManifest } from "../oci/manifest.js"
import type { Sbom } from "./sbom.js"

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

export type WantedSbom = {
  readonly predicateType: string
  readonly platformDigest: Digest
  /** Whether a signature counts for the image that is judged: a publisher may speak for some images only. */
  readonly isTrusted: (signature: SignatureFact) => boolean
}

export type SelectedSbom = {
  readonly source: SbomSource
  readonly sbom: Sbom
  /** The document to hand to the scanner. */
  readonly document: unknown
  /** What is attached in the same manifest beside it, of further stages: judged as well. */
  readonly beside?: readonly SelectedSbom[]
}
