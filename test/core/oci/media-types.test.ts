import { describe, expect, it } from "vitest"
import {
  isAttestation,
  isImageManifestMediaType,
  isIndexMediaType,
  isSbomMediaType,
  isSigstoreBundleMediaType,
  isStatementMediaType,
  isUntypedArtifact,
  mediaTypes,
} from "../../../core/oci/media-types.js"

describe("media types", () => {
  it("knows indexes and images of OCI and Docker", () => {
    expect([mediaTypes.ociIndex, mediaTypes.dockerManifestList].every(isIndexMediaType)).toBe(true)
    expect([mediaTypes.ociManifest, mediaTypes.dockerManifest].every(isImageManifestMediaType)).toBe(true)
    expect(isIndexMediaType(mediaTypes.ociManifest)).toBe(false)
  })

  it.each([
    ["application/vnd.dev.sigstore.bundle+json;version=0.1", true],
    ["application/vnd.dev.sigstore.bundle+json;version=0.2", true],
    ["application/vnd.dev.sigstore.bundle.v0.3+json", true],
    ["application/vnd.dev.sigstore.bundle.v1.0+json", false],
    ["application/vnd.dev.sigstore.bundle.v0.3+json; evil", false],
  ])("tells whether %s is a Sigstore bundle", (mediaType, expected) => {
    expect(isSigstoreBundleMediaType(mediaType)).toBe(expected)
  })

  it("counts statements, SBOMs and signatures as attestations, and layers not", () => {
    const { inToto, dsse, cyclonedx, spdx, cosignSimpleSigning, sigstoreBundle } = mediaTypes
    expect([inToto, dsse, cyclonedx, spdx, cosignSimpleSigning, sigstoreBundle].every(isAttestation)).toBe(true)
    expect(isAttestation("application/vnd.oci.image.layer.v1.tar+gzip")).toBe(false)
    expect(isStatementMediaType(cosignSimpleSigning)).toBe(false)
    expect(isSbomMediaType(inToto)).toBe(false)
  })

  it("treats an empty config type as no type", () => {
    expect(["", mediaTypes.ociEmpty, mediaTypes.ociConfig].every(isUntypedArtifact)).toBe(true)
    expect(isUntypedArtifact(mediaTypes.inToto)).toBe(false)
  })
})
