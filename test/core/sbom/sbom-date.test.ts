// What can go wrong: an old SBOM is attached again, and wins over the new one by the date of its annotation.
import { expect, it } from "vitest"
import { unsigned } from "../../../core/attestation/signature.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parseManifest } from "../../../core/oci/manifest.js"
import { mediaTypes } from "../../../core/oci/media-types.js"
import { type SbomCandidate } from "../../../core/sbom/sbom-candidate.js"
import { selectSbom } from "../../../core/sbom/select-sbom.js"
import { aDescriptor, aDigest } from "../oci/fixture.js"

const predicateType = "https://cyclonedx.org/bom"
const wanted = { predicateType, platformDigest: aDigest("platform"), isTrusted: () => false }

function attached(annotated: string, timestamp?: string): SbomCandidate {
  const components = [{ type: "library", name: "a", version: "1", purl: "pkg:npm/a@1" }]
  const content = JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", metadata: { timestamp }, components })
  const value = {
    mediaType: mediaTypes.ociManifest,
    artifactType: predicateType,
    config: aDescriptor("empty", { mediaType: mediaTypes.ociEmpty }),
    layers: [{ mediaType: predicateType, digest: digestOf(content), size: content.length }],
    annotations: { "org.opencontainers.image.created": annotated },
    subject: aDescriptor("platform"),
  }
  const manifest = parseManifest(JSON.stringify(value), { reference: "registry.test/app" })
  if (manifest.kind !== "image") throw new Error("not an image")
  return { referrer: manifest.digest, manifest, blob: digestOf(content), content, signature: unsigned }
}

const createdOf = (...candidates: SbomCandidate[]) => selectSbom(candidates, wanted).selected?.source.created

it("is the older of the annotation and the date inside, and none where that is no date", () => {
  expect(createdOf(attached("2026-06-01T00:00:00Z", "2020-01-01T00:00:00Z"))).toBe("2020-01-01T00:00:00.000Z")
  expect(createdOf(attached("2020-01-01T00:00:00Z", "2026-06-01T00:00:00Z"))).toBe("2020-01-01T00:00:00.000Z")
  expect(createdOf(attached("2026-06-01T00:00:00Z", "long ago"))).toBeUndefined()
  expect(createdOf(attached("2026-06-01T00:00:00Z"))).toBe("2026-06-01T00:00:00.000Z")
})

it("does not let an old document win that was attached again", () => {
  const again = attached("2026-06-10T00:00:00Z", "2020-01-01T00:00:00Z")
  expect(createdOf(again, attached("2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z"))).toBe("2026-05-01T00:00:00.000Z")
})
