import { readdirSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CsscError } from "../../../core/errors.js"
import { digestOf, parseDigest } from "../../../core/oci/digest.js"
import { type Manifest, MAX_MANIFEST_BYTES, parseManifest, uniqueDigests } from "../../../core/oci/manifest.js"
import { MAX_INDEX_ENTRIES } from "../../../core/oci/manifest-schema.js"
import { mediaTypes } from "../../../core/oci/media-types.js"
import { formatPlatform } from "../../../core/oci/platform.js"
import { aDescriptor, aDigest, expectCode, fixture } from "./fixture.js"

const reference = "registry.test/app:1"
const amd64 = { os: "linux", architecture: "amd64" }
const unknown = { os: "unknown", architecture: "unknown" }
const marked = { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": aDigest("a") }

function parse(value: unknown): Manifest {
  return parseManifest(JSON.stringify(value), { reference })
}

function anIndex(manifests: unknown[], more: object = {}) {
  return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests, ...more }
}

function anImage(more: object = {}) {
  const config = aDescriptor("config", { mediaType: mediaTypes.ociConfig })
  const layers = [aDescriptor("layer", { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip" })]
  return { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers, ...more }
}

function index(value: unknown) {
  const manifest = parse(value)
  if (manifest.kind !== "index") throw new Error("not an index")
  return manifest
}

function image(value: unknown) {
  const manifest = parse(value)
  if (manifest.kind !== "image") throw new Error("not an image")
  return manifest
}

describe("parseManifest of recorded manifests", () => {
  const folders = ["oci/regclient/testrepo", "oci/regclient/external"]
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(`../../fixtures/${folder}`, import.meta.url)).map((name) => `${folder}/${name}`),
  )
  it.each(files.filter((file) => !file.endsWith("index.json")))("reads %s under its own digest", (file) => {
    const digest = parseDigest(`sha256:${file.replace(/^.*\/|\.json$/g, "")}`)
    expect(parseManifest(fixture(file), { reference, digest }).digest).toBe(digest)
  })

  it("tells BuildKit's attestation from the platform that it is about", () => {
    const manifest = index(JSON.parse(fixture("oci/buildkit-index.json").toString()))
    expect(manifest.platforms.map(({ platform }) => formatPlatform(platform))).toEqual(["linux/amd64"])
    expect(manifest.attestations.map(({ subject }) => subject)).toEqual([manifest.platforms[0]?.descriptor.digest])
    expect(manifest.others).toEqual([])
  })

  it.each([
    ["oci/buildkit-attestation-manifest.json", "application/vnd.docker.attestation.manifest.v1+json", false],
    ["oci/acr-referrer-cyclonedx-artifact-manifest.json", mediaTypes.cyclonedx, false],
    ["oci/gar-referrer-cyclonedx-image-manifest.json", mediaTypes.cyclonedx, false],
    ["oci/cosign-att-tag-manifest.json", mediaTypes.ociConfig, false],
    ["oci/cosign-sig-tag-manifest.json", mediaTypes.ociConfig, false],
    ["oci/ghcr-subject-docker-v2-manifest.json", mediaTypes.dockerConfig, true],
  ])("reads %s as %s", (file, artifactType, isImage) => {
    expect(parseManifest(fixture(file), { reference })).toMatchObject({ kind: "image", artifactType, isImage })
  })

  it("reads a referrers fallback index as an index without platforms", () => {
    const manifest = index(JSON.parse(fixture("oci/harbor-fallback-index.json").toString()))
    expect(manifest.platforms).toEqual([])
    expect(manifest.others[0]?.artifactType).toBe(mediaTypes.cyclonedx)
  })
})

describe("the entries of an index", () => {
  it("keeps two entries of one digest, and names the digest once", () => {
    const { platforms } = index(
      anIndex([aDescriptor("a", { platform: amd64 }), aDescriptor("a", { platform: { ...amd64, variant: "v3" } })]),
    )
    expect(platforms).toHaveLength(2)
    expect(uniqueDigests(platforms)).toEqual([aDigest("a")])
  })

  it("does not let an annotation hide a platform that runs", () => {
    const { platforms, attestations } = index(anIndex([aDescriptor("b", { platform: amd64, annotations: marked })]))
    expect(platforms).toHaveLength(1)
    expect(attestations).toEqual([])
  })

  it("does not take an entry without a platform for an attestation, since a runtime may pick it", () => {
    const { attestations, others } = index(anIndex([aDescriptor("b", { annotations: marked })]))
    expect(attestations).toEqual([])
    expect(others).toHaveLength(1)
  })

  it("keeps an attestation that names no digest, without a subject", () => {
    const annotations = { ...marked, "vnd.docker.reference.digest": "sha256:evil" }
    const { attestations } = index(anIndex([aDescriptor("b", { platform: unknown, annotations })]))
    expect(attestations).toHaveLength(1)
    expect(attestations[0]).not.toHaveProperty("subject")
  })

  it("keeps nested indexes and unknown platforms apart from platforms", () => {
    const nested = aDescriptor("n", { mediaType: mediaTypes.ociIndex, platform: amd64 })
    const { platforms, others } = index(anIndex([nested, aDescriptor("u", { platform: unknown })]))
    expect(platforms).toEqual([])
    expect(others.map(({ digest }) => digest)).toEqual([aDigest("n"), aDigest("u")])
  })

  it("reads null where Go writes it", () => {
    const entry = aDescriptor("a", { platform: { ...amd64, "os.features": null }, annotations: null })
    expect(index(anIndex([entry], { annotations: null, subject: null })).platforms).toHaveLength(1)
  })
})

describe("the identity of a manifest", () => {
  const bytes = JSON.stringify(anImage())

  it("is the digest of its bytes", () => {
    expect(parseManifest(Buffer.from(bytes), { reference }).digest).toBe(digestOf(bytes))
    expect(parseManifest(bytes, { reference }).size).toBe(bytes.length)
  })

  it("refuses bytes of another digest before reading them", () => {
    expectCode(
      () => parseManifest("{", { reference, digest: aDigest("x") }),
      "DIGEST_MISMATCH",
      /app:1 has digest .*expected/,
    )
    expectCode(() => parseManifest(`${bytes} `, { reference, digest: digestOf(bytes) }), "DIGEST_MISMATCH")
  })

  it("takes the kind from the fields when no media type is stated", () => {
    expect(image({ ...anImage(), mediaType: undefined }).mediaType).toBe(mediaTypes.ociManifest)
    expect(index({ ...anIndex([]), mediaType: undefined }).mediaType).toBe(mediaTypes.ociIndex)
  })

  it("prefers the artifact type over the type of the config", () => {
    expect(image(anImage({ artifactType: "application/x" })).artifactType).toBe("application/x")
    expect(image(anImage({ artifactType: "" })).artifactType).toBe(mediaTypes.ociConfig)
  })

  it("still counts an image as one when it claims to be an artifact: it would run", () => {
    expect(image(anImage({ artifactType: mediaTypes.inToto })).isImage).toBe(true)
  })
})

describe("hostile manifests", () => {
  const tooMany = Array.from({ length: MAX_INDEX_ENTRIES + 1 }, () => aDescriptor("a"))
  it.each<[string, unknown, ConstructorParameters<typeof CsscError>[0], RegExp]>([
    ["schema 1", { schemaVersion: 1, fsLayers: [] }, "MANIFEST_UNSUPPORTED", /schema 1.*push the image again/],
    ["signed schema 1", { mediaType: mediaTypes.dockerSchema1Signed }, "MANIFEST_UNSUPPORTED", /schema 1/],
    ["another media type", { mediaType: "application/json" }, "MANIFEST_UNSUPPORTED", /"application\/json"/],
    ["an array", [], "MANIFEST_INVALID", /not a JSON object/],
    ["null", null, "MANIFEST_INVALID", /not a JSON object/],
    ["nothing known", { schemaVersion: 2 }, "MANIFEST_INVALID", /neither manifests nor config/],
    ["a media type that is no text", { mediaType: 1 }, "MANIFEST_INVALID", /mediaType: expected a string/],
    ["an index with layers", anIndex([], { layers: [] }), "MANIFEST_INVALID", /two ways.*layers/],
    ["an image with manifests", anImage({ manifests: [] }), "MANIFEST_INVALID", /two ways.*manifests/],
    ["both without media type", { manifests: [], config: {} }, "MANIFEST_INVALID", /two ways/],
    ["an index without manifests", { mediaType: mediaTypes.ociIndex }, "MANIFEST_INVALID", /manifests: /],
    ["an image without config", { ...anImage(), config: undefined }, "MANIFEST_INVALID", /config: /],
    ["too many entries", anIndex(tooMany), "MANIFEST_INVALID", /manifests: .*1000/],
    [
      "a bad digest",
      anIndex([aDescriptor("a", { digest: "sha256:../x" })]),
      "MANIFEST_INVALID",
      /manifests\[0\]\.digest: expected/,
    ],
    ["a negative size", anIndex([aDescriptor("a", { size: -1 })]), "MANIFEST_INVALID", /manifests\[0\]\.size/],
    ["a size beyond numbers", anIndex([aDescriptor("a", { size: 1e300 })]), "MANIFEST_INVALID", /manifests\[0\]\.size/],
    ["a subject that is text", anImage({ subject: "x" }), "MANIFEST_INVALID", /subject: /],
    ["annotations of numbers", anImage({ annotations: { a: 1 } }), "MANIFEST_INVALID", /annotations\.a: /],
  ])("refuses %s", (_name, value, code, message) => {
    expectCode(() => parse(value), code, message)
  })

  it("names every wrong field at once", () => {
    const value = anImage({ config: aDescriptor("c", { size: "1" }), layers: [aDescriptor("l", { digest: "" })] })
    expectCode(() => parse(value), "MANIFEST_INVALID", /config\.size: .*layers\[0\]\.digest: /)
  })

  it("refuses manifests that are too large or too deep", () => {
    expectCode(() => parseManifest(" ".repeat(MAX_MANIFEST_BYTES + 1), { reference }), "LIMIT_EXCEEDED", "4194304")
    expectCode(() => parseManifest("[".repeat(1000), { reference }), "LIMIT_EXCEEDED", "deeper")
  })

  it("either reads any JSON or refuses it by name", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.values(mediaTypes)), (value, mediaType) => {
        try {
          parse({ mediaType, manifests: value, config: value, layers: value })
          parse({ mediaType, manifests: value })
        } catch (error) {
          expect(error).toBeInstanceOf(CsscError)
        }
      }),
    )
  })
})
