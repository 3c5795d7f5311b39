// Images that are dressed as attachments: whoever may push into quarantine could else have any image pulled from golden,
// by its digest, or by the tag that cosign keeps signatures under.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { anImage, type TestImage } from "../support/build-image.js"
import { blobOf, manifestOf, type TestManifest, testMediaTypes } from "../support/build-manifest.js"
import { aReferrer } from "../support/build-referrer.js"
import { platformOf } from "../support/odd-images.js"
import {
  gateImage,
  interrupt,
  mountsNothing,
  newRegistry,
  promoteImage,
  refer,
  tagDigest,
} from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const simpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json"

type Content = Readonly<Record<string, unknown>>

/** The manifest of an image that nobody judged. */
function evil(): TestManifest {
  const [platform] = anImage({ layers: ["evil"] }).platforms
  if (platform === undefined) throw new Error("the image has no platform")
  return platform.manifest
}

function attachedTo(image: TestImage, { bytes, blobs }: TestManifest, more: Content = {}): TestManifest {
  const { mediaType, digest, size } = platformOf(image)
  const content = JSON.parse(bytes.toString()) as Content
  const manifest = manifestOf(
    testMediaTypes.manifest,
    { ...content, ...more, subject: { mediaType, digest, size } },
    blobs,
  )
  return { ...manifest, subject: platformOf(image) }
}

const configOf = ({ bytes }: TestManifest) => (JSON.parse(bytes.toString()) as { config: Content }).config
const layersOf = ({ bytes }: TestManifest) => (JSON.parse(bytes.toString()) as { layers: readonly Content[] }).layers

const dresses: Readonly<Record<string, (image: TestImage) => TestManifest>> = {
  "as it is": (image) => attachedTo(image, evil()),
  "as an artifact": (image) => attachedTo(image, evil(), { artifactType: "application/vnd.example.note" }),
  "with a config of another type, which containerd does not look at": (image) =>
    attachedTo(image, evil(), {
      artifactType: "application/vnd.example.note",
      config: { ...configOf(evil()), mediaType: "application/vnd.example.note" },
    }),
  "with layers of another type, which others may unpack": (image) =>
    attachedTo(image, evil(), {
      artifactType: "application/vnd.example.note",
      layers: layersOf(evil()).map((layer) => ({ ...layer, mediaType: "application/vnd.example.layer" })),
    }),
}

/** An index that is attached, and what it lists. */
function attachedIndex(image: TestImage, parts: readonly TestManifest[]) {
  const { mediaType, digest, size } = platformOf(image)
  const manifests = parts.map(({ descriptor }) => descriptor)
  const content = { schemaVersion: 2, mediaType: testMediaTypes.index, manifests, subject: { mediaType, digest, size } }
  return { planted: { ...manifestOf(testMediaTypes.index, content), subject: platformOf(image) }, parts }
}

function aNote(image: TestImage, content: string): TestManifest {
  const note = aReferrer(platformOf(image), { layers: [{ mediaType: "text/plain", content }] })
  const { subject: _subject, ...rest } = JSON.parse(note.bytes.toString()) as Content
  return manifestOf(testMediaTypes.manifest, rest, note.blobs)
}

type Slip = { readonly planted: TestManifest; readonly parts?: readonly TestManifest[] }

const slips: Readonly<Record<string, (image: TestImage) => Slip>> = {
  "as it is": (image) => ({ planted: attachedTo(image, evil()) }),
  "with a layer that is too large to look into": (image) => {
    const layer = blobOf(testMediaTypes.layer, Buffer.alloc(20 * 1024 * 1024 + 1))
    const { blobs, ...rest } = evil()
    const more = { layers: [...layersOf(evil()), layer.descriptor] }
    return { planted: attachedTo(image, { ...rest, blobs: [...blobs, layer] }, more) }
  },
  "behind more manifests than are looked into": (image) =>
    attachedIndex(image, [...Array.from({ length: 51 }, (_, at) => aNote(image, `note ${at}`)), evil()]),
  "in a manifest that we do not read": (image) => ({
    planted: attachedTo(image, evil(), { annotations: {}, Annotations: {} }),
  }),
}

describe.each(["api", "distribution"] as const)("an image that is attached, on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  let image: TestImage
  let [from, to] = ["", ""]
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  beforeEach(async () => {
    number++
    ;[from, to] = [`quarantine/app${number}`, `golden/app${number}`]
    image = anImage({ layers: [`layer ${number}`], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(at.url, from, "1", image)
  })
  const promoted = async () => promoteImage(await gateImage(refer(at, `${from}:1`)), refer(at, `${to}:1`))

  it.each(Object.entries(dresses))("stays behind %s", async (_, dress) => {
    const digest = await attachReferrer(at.url, from, dress(image))
    const result = await promoted()
    expect(result.outcome).toBe("promote")
    expect(result.leftBehind).toMatchObject([{ digest, why: expect.stringContaining("run") }])
    expect(await tagDigest(at, `${to}@${digest}`)).toBeUndefined()
  })

  it.each(Object.entries(slips))(
    "is refused when it slips in during the copy, and again in the next run: %s",
    async (_, slip) => {
      const gated = await gateImage(refer(at, `${from}:1`))
      const { planted, parts = [] } = slip(image)
      for (const part of parts) await pushManifest(at.url, from, part)
      await mountsNothing(at)
      const racing = interrupt(newRegistry(), "copy", "before", () => attachReferrer(at.url, from, planted))
      for (const registry of [racing, newRegistry()]) {
        const promotion = promoteImage(gated, refer(at, `${to}:1`), { registry })
        await expect(promotion).rejects.toThrow(`REFERRERS_UNTRUSTED`)
        await expect(promotion).rejects.toThrow(planted.descriptor.digest)
        expect(await tagDigest(at, `${to}:1`)).toBeUndefined()
      }
    },
  )

  it("stays behind in an index that is attached", async () => {
    const { mediaType, digest, size } = platformOf(image)
    const child = evil()
    await pushManifest(at.url, from, child)
    const content = { schemaVersion: 2, mediaType: testMediaTypes.index, manifests: [child.descriptor] }
    const root = manifestOf(testMediaTypes.index, { ...content, subject: { mediaType, digest, size } })
    await attachReferrer(at.url, from, { ...root, subject: platformOf(image) })
    const result = await promoted()
    expect(result.leftBehind).toMatchObject([{ digest: root.descriptor.digest }])
    expect(await tagDigest(at, `${to}@${child.descriptor.digest}`)).toBeUndefined()
  })

  it.each(["sig", "att", "sbom"])("stays behind under cosign's tag .%s", async (suffix) => {
    const tag = `${image.digest.replace(":", "-")}.${suffix}`
    await pushManifest(at.url, from, evil(), tag)
    const result = await promoted()
    expect(result).toMatchObject({ outcome: "promote", digestTags: [] })
    expect(await tagDigest(at, `${to}:${tag}`)).toBeUndefined()
  })

  it("comes along when it is a document with an image's config, as cosign attaches them", async () => {
    const signature = aReferrer(platformOf(image), {
      artifactType: "application/vnd.syft+json",
      configMediaType: testMediaTypes.config,
      layers: [{ mediaType: "application/vnd.syft+json", content: '{"artifacts":[]}' }],
    })
    const digest = await attachReferrer(at.url, from, signature)
    const layer = blobOf(simpleSigning, '{"critical":1}')
    const config = blobOf(testMediaTypes.config, "{}")
    const content = { schemaVersion: 2, mediaType: testMediaTypes.manifest, config: config.descriptor }
    const tagged = manifestOf(testMediaTypes.manifest, { ...content, layers: [layer.descriptor] }, [config, layer])
    const tag = `${image.digest.replace(":", "-")}.sig`
    await pushManifest(at.url, from, tagged, tag)
    const result = await promoted()
    expect(result).toMatchObject({ outcome: "promote", digestTags: [tag], leftBehind: [] })
    expect(result.carried.map((one) => one.digest)).toContain(digest)
  })
})
