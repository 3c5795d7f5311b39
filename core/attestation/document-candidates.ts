// Which referrers may carry a wanted document (an SBOM, VEX, a summary, any attestation), before anything of them is
// fetched, and which of their layers.
import { CsscError } from "../errors.js"
import type { Descriptor } from "../oci/descriptor.js"
import type { ImageManifest } from "../oci/manifest.js"
import {
  annotationKeys,
  isCycloneDxMediaType,
  isImageConfigMediaType,
  isImageLayerMediaType,
  isJsonMediaType,
  isSbomMediaType,
  isSignatureMediaType,
  isSpdxMediaType,
  isStatementMediaType,
  isUntypedArtifact,
  mediaTypes,
} from "../oci/media-types.js"
import type { Referrer } from "../oci/referrers.js"
import { matchesPredicateType, resolvePredicateType, sbomFormat } from "./predicate-types.js"

export const MAX_DOCUMENT_CANDIDATES = 100

type Listed = Pick<Referrer, "digest" | "artifactType" | "annotations">

/**
 * The referrers whose manifest has to be fetched to find a document of a predicate type. A stated predicate type decides;
 * without one the artifact type does; without a meaningful one the manifest must be read (sigstore/cosign#4422).
 */
export function documentCandidates<T extends Listed>(
  referrers: readonly T[],
  predicateType: string,
  most = MAX_DOCUMENT_CANDIDATES,
): readonly T[] {
  const unique = [...new Map(referrers.map((referrer) => [referrer.digest, referrer])).values()]
  const found = unique.filter((referrer) => {
    const stated = statedPredicateType(referrer.annotations)
    return stated === undefined
      ? mayHold(referrer.artifactType, predicateType)
      : matchesPredicateType(predicateType, stated)
  })
  if (found.length <= most) return found
  const limit = `at most ${most} are read`
  throw new CsscError(
    "LIMIT_EXCEEDED",
    `${found.length} referrers may hold a document of type ${predicateType}: ${limit}`,
  )
}

/** The layers of a fetched manifest that may hold the wanted document: BuildKit and cosign put several into one. */
export function documentLayers(manifest: ImageManifest, predicateType: string): readonly Descriptor[] {
  const whole = statedPredicateType(manifest.annotations)
  const found = manifest.layers.filter((layer) => {
    // An image that is attached, as lazily loaded ones are, holds file systems.
    if (isImageConfigMediaType(manifest.artifactType) && isImageLayerMediaType(layer.mediaType)) return false
    const stated = statedPredicateType(layer.annotations) ?? (manifest.layers.length === 1 ? whole : undefined)
    if (stated === undefined && isOfItsOwnType(manifest.artifactType))
      return (
        isSbomType(predicateType) && mayBeSbom(layer.mediaType) && !isForeignDocument(layer.mediaType, predicateType)
      )
    return stated === undefined
      ? !isForeignDocument(layer.mediaType, predicateType)
      : matchesPredicateType(predicateType, stated)
  })
  if (found.length <= MAX_DOCUMENT_CANDIDATES) return found
  const limit = `at most ${MAX_DOCUMENT_CANDIDATES} are read`
  const what = `${manifest.digest} has ${found.length} layers that may hold a document of type ${predicateType}`
  throw new CsscError("LIMIT_EXCEEDED", `${what}: ${limit}`)
}

/** The predicate type that annotations announce; nothing when they announce none. */
export function statedPredicateType(annotations: Readonly<Record<string, string>>): string | undefined {
  const { predicateType, bundlePredicateType, cosignPredicateType } = annotationKeys
  return annotations[predicateType] || annotations[bundlePredicateType] || annotations[cosignPredicateType] || undefined
}

function mayHold(artifactType: string, predicateType: string): boolean {
  if (isUntypedArtifact(artifactType) || isStatementMediaType(artifactType)) return true
  if (isSbomMediaType(artifactType)) return !isForeignDocument(artifactType, predicateType)
  // Registries and scanners attach SBOMs under types of their own (Harbor's accessories): only the layers tell.
  return isSbomType(predicateType) && isOfItsOwnType(artifactType)
}

function isSbomType(predicateType: string): boolean {
  return sbomFormat(resolvePredicateType(predicateType)) !== undefined
}

/** A type that says nothing that is known here: neither what it holds, nor that it holds no SBOM. */
export function isOfItsOwnType(artifactType: string): boolean {
  const known = isUntypedArtifact(artifactType) || isStatementMediaType(artifactType) || isSbomMediaType(artifactType)
  return !known && !isSignatureMediaType(artifactType) && !ours.has(artifactType)
}

const ours: ReadonlySet<string> = new Set([mediaTypes.lifecycle, mediaTypes.mirrorHistory])

function mayBeSbom(mediaType: string): boolean {
  return isSbomMediaType(mediaType) || isJsonMediaType(mediaType)
}

/** A document of another SBOM format than the wanted one. */
function isForeignDocument(mediaType: string, predicateType: string): boolean {
  const format = sbomFormat(resolvePredicateType(predicateType))
  return (
    (isCycloneDxMediaType(mediaType) && format !== "cyclonedx") || (isSpdxMediaType(mediaType) && format !== "spdx")
  )
}
