// What can go wrong: what carries the document is passed over because nothing says its type, or a flood of attachments is
// fetched.
import { describe, expect, it } from "vitest"
import {
  documentCandidates,
  documentLayers,
  MAX_DOCUMENT_CANDIDATES,
} from "../../../core/attestation/document-candidates.js"
import { parseManifest } from "../../../core/oci/manifest.js"
import { mediaTypes } from "../../../core/oci/media-types.js"
import { aDigest, expectCode, fixture } from "../oci/fixture.js"

const cyclonedx = "https://cyclonedx.org/bom/v1.6"
const key = "in-toto.io/predicate-type"

describe("documentCandidates", () => {
  const listed = (artifactType: string, annotations: Record<string, string> = {}) => ({
    digest: aDigest(artifactType + JSON.stringify(annotations)),
    artifactType,
    annotations,
  })

  it.each<[string, ReturnType<typeof listed>, boolean]>([
    ["a wanted predicate type", listed(mediaTypes.inToto, { [key]: cyclonedx }), true],
    ["another predicate type", listed(mediaTypes.inToto, { [key]: "https://spdx.dev/Document" }), false],
    [
      "a bundle with the wanted type",
      listed(mediaTypes.sigstoreBundle, { "dev.sigstore.bundle.predicateType": cyclonedx }),
      true,
    ],
    ["a statement without a stated type", listed(mediaTypes.inToto), true],
    ["an envelope", listed(mediaTypes.dsse), true],
    ["a bundle", listed(mediaTypes.sigstoreBundle), true],
    ["a CycloneDX document", listed(mediaTypes.cyclonedx), true],
    ["an SPDX document, when CycloneDX is wanted", listed(mediaTypes.spdx), false],
    ["no artifact type", listed(""), true],
    ["the empty artifact type", listed(mediaTypes.ociEmpty), true],
    ["a signature", listed(mediaTypes.notarySignature), false],
    ["a lifecycle annotation", listed(mediaTypes.lifecycle), false],
  ])("fetches %s: %s", (_name, referrer, expected) => {
    expect(documentCandidates([referrer], "cyclonedx")).toHaveLength(expected ? 1 : 0)
  })

  it("finds the right one of a hardened image's referrers", () => {
    const { referrersBySubject } = JSON.parse(fixture("dhi/bun-referrers.json").toString())
    for (const referrers of Object.values(referrersBySubject) as ReturnType<typeof listed>[][]) {
      const typed = referrers.map((entry) => ({
        ...entry,
        annotations: entry.annotations ?? {},
        artifactType: entry.artifactType ?? "x",
      }))
      const found = documentCandidates(typed, "https://cyclonedx.org/bom")
      expect(found.map(({ annotations }) => annotations[key])).toEqual([cyclonedx])
    }
  })

  it("limits how many are fetched", () => {
    const many = Array.from({ length: MAX_DOCUMENT_CANDIDATES + 1 }, (_, at) => ({
      ...listed(""),
      digest: aDigest(`n${at}`),
    }))
    expectCode(
      () => documentCandidates(many, "spdx"),
      "LIMIT_EXCEEDED",
      "101 referrers may hold a document of type spdx: at most 100",
    )
    expect(documentCandidates([...many.slice(1), ...many.slice(1)], "spdx")).toHaveLength(MAX_DOCUMENT_CANDIDATES)
  })
})

describe("documentLayers", () => {
  const manifest = (file: string) => {
    const found = parseManifest(fixture(file), { reference: "registry.test/app" })
    if (found.kind !== "image") throw new Error("not an image")
    return found
  }

  it("selects BuildKit's layers by their own annotation", () => {
    const buildkit = manifest("oci/buildkit-attestation-manifest.json")
    expect(documentLayers(buildkit, "spdx")).toHaveLength(1)
    expect(documentLayers(buildkit, "cyclonedx")).toHaveLength(0)
  })

  it("fetches every layer of an .att manifest, which states no types", () => {
    expect(documentLayers(manifest("oci/cosign-att-tag-manifest.json"), "spdx")).toHaveLength(2)
  })

  it("fetches a document that was pushed as a plain layer", () => {
    expect(documentLayers(manifest("oci/gar-referrer-cyclonedx-image-manifest.json"), "cyclonedx")).toHaveLength(1)
  })
})
