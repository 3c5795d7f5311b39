// Every media type and annotation key that this module knows by name, in one place.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md
export const mediaTypes = {
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociConfig: "application/vnd.oci.image.config.v1+json",
  /** Config of artifacts that need none; some clients report it as the artifact type. */
  ociEmpty: "application/vnd.oci.empty.v1+json",
  /** Withdrawn before OCI 1.1 was final; ACR and zot still serve some. */
  ociArtifactManifest: "application/vnd.oci.artifact.manifest.v1+json",
  dockerManifestList: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerConfig: "application/vnd.docker.container.image.v1+json",
  dockerSchema1: "application/vnd.docker.distribution.manifest.v1+json",
  dockerSchema1Signed: "application/vnd.docker.distribution.manifest.v1+prettyjws",
  inToto: "application/vnd.in-toto+json",
  dsse: "application/vnd.dsse.envelope.v1+json",
  /** Older type of DSSE envelopes, still written by some tools. */
  dsseOld: "application/vnd.dsse+json",
  sigstoreBundle: "application/vnd.dev.sigstore.bundle.v0.3+json",
  cosignSimpleSigning: "application/vnd.dev.cosign.simplesigning.v1+json",
  cosignSignature: "application/vnd.dev.cosign.artifact.sig.v1+json",
  notarySignature: "application/vnd.cncf.notary.signature",
  buildkitAttestation: "application/vnd.docker.attestation.manifest.v1+json",
  cyclonedx: "application/vnd.cyclonedx+json",
  spdx: "application/spdx+json",
  spdxText: "text/spdx+json",
  mirrorHistory: "application/vnd.toddysm.mirror-history.v1+json",
  lifecycle: "application/vnd.microsoft.artifact.lifecycle",
} as const

export const annotationKeys = {
  created: "org.opencontainers.image.created",
  title: "org.opencontainers.image.title",
  /** On referrer manifests and on layers that carry an in-toto statement. */
  predicateType: "in-toto.io/predicate-type",
  bundlePredicateType: "dev.sigstore.bundle.predicateType",
  bundleContent: "dev.sigstore.bundle.content",
  /** Predicate type on the layers of cosign's `.att` manifests. */
  cosignPredicateType: "predicateType",
  /** On the layers of cosign's simple signing: the signature over the layer, in base64. */
  cosignSignature: "dev.cosignproject.cosign/signature",
  /** moby/buildkit:docs/attestations/attestation-storage.md */
  dockerReferenceType: "vnd.docker.reference.type",
  dockerReferenceDigest: "vnd.docker.reference.digest",
  endOfLife: "vnd.microsoft.artifact.lifecycle.end-of-life.date",
  /** Ours, beside the end of life. */
  lifecycleReason: "com.cssc.lifecycle.reason",
  lifecycleSuccessor: "com.cssc.lifecycle.successor",
  lifecycleTags: "com.cssc.lifecycle.tags",
  lifecycleRun: "com.cssc.lifecycle.run",
} as const

export const attestationManifestEntry = "attestation-manifest"

const bundlePattern = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.\d+\+json|\+json;\s?version=0\.\d+)$/
const cosignSignatures: ReadonlySet<string> = new Set([mediaTypes.cosignSimpleSigning, mediaTypes.cosignSignature])

export function isIndexMediaType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociIndex || mediaType === mediaTypes.dockerManifestList
}

export function isImageManifestMediaType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociManifest || mediaType === mediaTypes.dockerManifest
}

export function isArtifactManifestMediaType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociArtifactManifest
}

const layerPattern = /^application\/vnd\.(?:oci\.image\.layer\.|docker\.(?:image\.rootfs|container\.image\.rootfs)\.)/i

/** A part of a file system; runtimes unpack what is called so. oras calls any file so, unless it is told otherwise. */
export function isImageLayerMediaType(mediaType: string): boolean {
  return layerPattern.test(mediaType)
}

/** Docker schema 1, which has no digest-addressed config and no platforms. */
export function isSchema1MediaType(mediaType: string): boolean {
  return mediaType === mediaTypes.dockerSchema1 || mediaType === mediaTypes.dockerSchema1Signed
}

export function isImageConfigMediaType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociConfig || mediaType === mediaTypes.dockerConfig
}

export function isCycloneDxMediaType(mediaType: string): boolean {
  return withoutParameters(mediaType) === mediaTypes.cyclonedx
}

export function isSpdxMediaType(mediaType: string): boolean {
  const plain = withoutParameters(mediaType)
  return plain === mediaTypes.spdx || plain === mediaTypes.spdxText
}

/** `application/vnd.cyclonedx+json; version=1.6` is the same type. */
function withoutParameters(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase()
}

/** Types that may hold any JSON. */
export function isJsonMediaType(mediaType: string): boolean {
  return /^(?:application|text)\/(?:[a-z0-9.+-]+\+)?json$/.test(withoutParameters(mediaType))
}

/** An SBOM as it is, without a statement around it. */
export function isSbomMediaType(mediaType: string): boolean {
  return isCycloneDxMediaType(mediaType) || isSpdxMediaType(mediaType)
}

export function isSigstoreBundleMediaType(mediaType: string): boolean {
  return bundlePattern.test(mediaType)
}

/** An in-toto statement, bare or in an envelope. */
export function isStatementMediaType(mediaType: string): boolean {
  const bare = mediaType === mediaTypes.inToto || mediaType === mediaTypes.buildkitAttestation
  const dsse = mediaType === mediaTypes.dsse || mediaType === mediaTypes.dsseOld
  return bare || dsse || isSigstoreBundleMediaType(mediaType)
}

export function isSignatureMediaType(mediaType: string): boolean {
  return isCosignSignatureMediaType(mediaType) || mediaType === mediaTypes.notarySignature
}

/** A signature that can be verified with a public key. */
export function isCosignSignatureMediaType(mediaType: string): boolean {
  return cosignSignatures.has(mediaType)
}

/** Something said about an image, as opposed to a part of one. */
export function isAttestation(mediaType: string): boolean {
  return isStatementMediaType(mediaType) || isSbomMediaType(mediaType) || isSignatureMediaType(mediaType)
}

/** Artifact types that say nothing about the content: the manifest has to be read to know. */
export function isUntypedArtifact(artifactType: string): boolean {
  return artifactType === "" || artifactType === mediaTypes.ociEmpty || isImageConfigMediaType(artifactType)
}
