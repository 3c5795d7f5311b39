// Entries of an index that containerd runs on linux/amd64 (core/images.Manifest of v2.3.3, asked for each of these), beside
// a clean one, dressed so that a reader may leave them out: none passes unjudged.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Policy } from "../../core/policy/document/policy.js"
import { anImage, type TestImage } from "../support/build-image.js"
import {
  blobOf,
  manifestOf,
  type TestBlob,
  type TestDescriptor,
  type TestManifest,
  testMediaTypes,
} from "../support/build-manifest.js"
import { aPolicy } from "../support/build-policy.js"
import { aStatement } from "../support/build-referrer.js"
import { cyclonedxOf } from "../support/build-sbom.js"
import { platformOf, withEntries } from "../support/odd-images.js"
import { gateImage, refer } from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

type Entry = Readonly<Record<string, unknown>> & { readonly digest: string }
type Hidden = { readonly entry: object; readonly manifest?: TestManifest }

const amd64 = { os: "linux", architecture: "amd64" }
const artifactType = "application/vnd.example.note"
const amd64Only = aPolicy({}, { platforms: ["linux/amd64"] })

function inIndex(entry: Entry): TestManifest {
  const { platform: _platform, ...child } = entry
  const content = { schemaVersion: 2, mediaType: testMediaTypes.index, manifests: [{ ...child, platform: amd64 }] }
  return manifestOf(testMediaTypes.index, content)
}

function vulnerableOf(image: TestImage): TestManifest {
  const [, vulnerable] = image.platforms
  if (vulnerable === undefined) throw new Error("the image has no second platform")
  return vulnerable.manifest
}

/** The vulnerable image once more, with layers that are described otherwise. */
function withLayers(
  image: TestImage,
  change: (layer: TestDescriptor) => TestDescriptor,
  more: readonly TestBlob[] = [],
): TestManifest {
  const { bytes, blobs } = vulnerableOf(image)
  const content = JSON.parse(bytes.toString()) as { layers: readonly TestDescriptor[] }
  return manifestOf(testMediaTypes.manifest, { ...content, layers: content.layers.map(change) }, [...blobs, ...more])
}

/** The vulnerable image once more, with a config that is called something else. */
function retyped(image: TestImage, mediaType: string): TestManifest {
  const { bytes, blobs } = vulnerableOf(image)
  const content = JSON.parse(bytes.toString()) as { config: object }
  return manifestOf(testMediaTypes.manifest, { ...content, config: { ...content.config, mediaType } }, blobs)
}

const hidden: Readonly<Record<string, (entry: Entry, image: TestImage) => Hidden>> = {
  "an index in the index that says it is an artifact": (entry) => {
    const manifest = inIndex(entry)
    return { entry: { ...manifest.descriptor, platform: amd64, artifactType }, manifest }
  },
  "an index in the index without a platform": (entry) => {
    const manifest = inIndex(entry)
    return { entry: { ...manifest.descriptor, artifactType }, manifest }
  },
  "an image whose config is called something else, and that says it is an artifact": (_, image) => {
    const manifest = retyped(image, artifactType)
    return { entry: { ...manifest.descriptor, platform: amd64, artifactType }, manifest }
  },
  "an image with a config that Docker takes for one": (_, image) => {
    const manifest = retyped(image, "application/octet-stream")
    return { entry: { ...manifest.descriptor, platform: amd64, artifactType }, manifest }
  },
  "an image for an empty os": (entry) => ({ entry: { ...entry, platform: { os: "", architecture: "amd64" } } }),
  "an image for an os that is no name": (entry) => ({
    entry: { ...entry, platform: { os: "+", architecture: "amd64" } },
  }),
}

describe.each(["api", "distribution"] as const)("what a runtime picks from an index on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())

  async function judge(hide: (entry: Entry, image: TestImage) => Hidden, policy: Policy) {
    const repository = `hidden/${++number}`
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [repository] })
    const manifests: TestManifest[] = []
    const odd = withEntries(image, ([clean, vulnerable]) => {
      const { entry, manifest } = hide(vulnerable as unknown as Entry, image)
      if (manifest !== undefined) manifests.push(manifest)
      return [entry as NonNullable<typeof clean>, ...(clean === undefined ? [] : [clean])]
    })
    // The index needs its entries there first.
    for (const { manifest } of image.platforms) await pushManifest(at.url, repository, manifest)
    for (const manifest of manifests) await pushManifest(at.url, repository, manifest)
    await pushImage(at.url, repository, "1", odd)
    await attachReferrer(at.url, repository, aStatement(platformOf(image), cyclonedxOf(["pkg:npm/minimist@1.2.8"])))
    return (await gateImage(refer(at, `${repository}:1`), { policy })).verdict
  }

  it.each(Object.entries(hidden))("is judged: %s", async (_, hide) => {
    const all = await judge(hide, aPolicy())
    expect(all.platforms).toHaveLength(2)
    expect(all.passed).toBe(false)
  })

  it.each(Object.entries(hidden))("is judged where the policy names the platforms that decide: %s", async (_, hide) => {
    expect((await judge(hide, amd64Only)).passed).toBe(false)
  })

  const attested = (manifest: TestManifest): Hidden => {
    const annotations = { "vnd.docker.reference.type": "attestation-manifest" }
    return {
      entry: { ...manifest.descriptor, annotations, platform: { os: "unknown", architecture: "unknown" } },
      manifest,
    }
  }

  it.each([aPolicy(), amd64Only])("is refused as an attestation that could run (policy %#)", async (policy) => {
    const attestation = (_: Entry, image: TestImage) => attested(vulnerableOf(image))
    await expect(judge(attestation, policy)).rejects.toThrow(/MANIFEST_INVALID.*could be run/)
  })

  it.each([
    "application/vnd.docker.attestation.manifest.v1+json",
    "application/vnd.in-toto+json",
    "application/vnd.dev.cosign.simplesigning.v1+json",
    "application/spdx+json",
  ])("is refused as an attestation whose layers are called %s", async (mediaType) => {
    const attestation = (_: Entry, image: TestImage) =>
      attested(withLayers(image, (layer) => ({ ...layer, mediaType })))
    await expect(judge(attestation, amd64Only)).rejects.toThrow(/MANIFEST_INVALID.*could be run.*no text/)
  })

  it("is refused as an attestation with a layer of more bytes than it says, and with more than is looked into", async () => {
    const sized = (change: number) => (_: Entry, image: TestImage) =>
      attested(
        withLayers(image, (layer) => ({ ...layer, mediaType: testMediaTypes.inToto, size: layer.size + change })),
      )
    await expect(judge(sized(-1), amd64Only)).rejects.toThrow(/MANIFEST_INVALID.*could be run.*cannot be read/)
    await expect(judge(sized(2 ** 28), amd64Only)).rejects.toThrow(/LIMIT_EXCEEDED.*looked into/)
  })

  it("passes beside an attestation that is a text, whatever its layers are called", async () => {
    const text = blobOf(
      "application/vnd.docker.attestation.manifest.v1+json",
      '{"_type":"https://in-toto.io/Statement/v1"}',
    )
    const document = (_: Entry, image: TestImage) => attested(withLayers(image, () => text.descriptor, [text]))
    expect((await judge(document, amd64Only)).passed).toBe(true)
  })

  it("passes where nothing is hidden", async () => {
    const arm64 = (entry: Entry): Hidden => ({ entry })
    expect((await judge(arm64, amd64Only)).passed).toBe(true)
    const nowhere = (entry: Entry): Hidden => ({
      entry: { ...entry, platform: { os: "unknown", architecture: "unknown" } },
    })
    expect((await judge(nowhere, amd64Only)).passed).toBe(true)
  })
})
