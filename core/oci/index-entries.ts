// What an index lists: platforms that run, attestations that do not, and the rest.
import type { Descriptor } from "./descriptor.js"
import { type Digest, isDigest } from "./digest.js"
import { annotationKeys, attestationManifestEntry, isImageManifestMediaType } from "./media-types.js"
import { isUnknown, type Platform, platformOf } from "./platform.js"

export type PlatformManifest = { readonly platform: Platform; readonly descriptor: Descriptor }

/** A BuildKit attestation manifest; `subject` is the platform manifest that it says it is about, if it is a digest. */
export type AttestationEntry = { readonly descriptor: Descriptor; readonly subject?: Digest }

export type IndexEntries = {
  readonly platforms: readonly PlatformManifest[]
  readonly attestations: readonly AttestationEntry[]
  /**
   * Entries for a platform that say they are artifacts, such as SOCI's. That is the entry's own word: whoever judges the
   * image reads the manifest before one is left out.
   */
  readonly artifacts: readonly Descriptor[]
  readonly others: readonly Descriptor[]
}

/** Sorts the entries of an index and keeps their order; two entries of one digest stay two. */
export function sortEntries(manifests: readonly Descriptor[]): IndexEntries {
  const platforms: PlatformManifest[] = []
  const attestations: AttestationEntry[] = []
  const artifacts: Descriptor[] = []
  const others: Descriptor[] = []
  for (const descriptor of manifests) {
    const platform = platformOf(descriptor.platform)
    if (isAttestationEntry(descriptor)) attestations.push(attestationEntry(descriptor))
    else if (platform === undefined || !isImageManifestMediaType(descriptor.mediaType)) others.push(descriptor)
    else if (descriptor.artifactType) artifacts.push(descriptor)
    else platforms.push({ platform, descriptor })
  }
  return { platforms, attestations, artifacts, others }
}

/**
 * An entry is an attestation only when it also has the platform that no runtime picks: the annotation alone would let
 * an index hide a platform from the scan.
 */
function isAttestationEntry({ annotations, platform }: Descriptor): boolean {
  const marked = annotations[annotationKeys.dockerReferenceType] === attestationManifestEntry
  return marked && platform !== undefined && isUnknown(platform)
}

function attestationEntry(descriptor: Descriptor): AttestationEntry {
  const subject = descriptor.annotations[annotationKeys.dockerReferenceDigest]
  return subject !== undefined && isDigest(subject) ? { descriptor, subject } : { descriptor }
}
