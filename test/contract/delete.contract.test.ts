// Deleting by the registry's own way: the image goes with what is attached to it, and with nothing that others need.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { deleteImage, type DeletionWay } from "../../core/delete/delete-image.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { manifestOf, testMediaTypes } from "../support/build-manifest.js"
import { aStatement } from "../support/build-referrer.js"
import { platformOf } from "../support/odd-images.js"
import { newRegistry, refer, tagDigest, writesOf } from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

describe.each(["api", "distribution"] as const)("delete on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  let repository: string
  let image: TestImage
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  beforeEach(async () => {
    repository = `app${++number}`
    image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [repository], sbom: "cyclonedx" })
    await pushImage(at.url, repository, "1", image)
    await pushImage(at.url, repository, "other", anImage({ layers: ["other"], sbom: "cyclonedx" }))
    await at.resetRequests()
  })
  const remove = (
    name = "1",
    options: { dryRun?: boolean; referrers?: boolean } = {},
    way: DeletionWay = { kind: "oci" },
  ) =>
    deleteImage(
      { registry: newRegistry() },
      { image: refer(at, `${repository}:${name}`), referrers: true, dryRun: false, deletionWay: way, ...options },
    )
  const there = (digest: string) => tagDigest(at, `${repository}@${digest}`)
  const tags = async () => (await newRegistry().tags(refer(at, repository))) ?? []

  it("takes the image, its platforms and all that is attached to them, and leaves the other image", async () => {
    const nested = aStatement(image.referrers[0]?.descriptor ?? platformOf(image), {
      predicateType: "https://example.com/s",
      predicate: {},
    })
    await attachReferrer(at.url, repository, nested)
    const result = await remove()
    expect(result.status).toBe("deleted")
    const gone = [image.root, ...image.platforms.map(({ manifest }) => manifest), ...image.referrers, nested].map(
      ({ descriptor }) => descriptor.digest,
    )
    for (const digest of gone) expect([digest, await there(digest)]).toEqual([digest, undefined])
    const left = await tags()
    expect(left).toContain("other")
    expect(left).not.toContain("1")
    // On a registry without the API, the listings of what is gone go as well.
    const ours = gone.map((digest) => digest.replace(":", "-"))
    expect(left.filter((tag) => ours.includes(tag))).toEqual([])
    expect(left.filter((tag) => tag.startsWith("sha256-"))).toHaveLength(kind === "distribution" ? 1 : 0)
  })

  it("keeps an image that another tag needs", async () => {
    await pushManifest(at.url, repository, image.root, "2")
    await at.resetRequests()
    expect(await remove()).toMatchObject({ status: "skipped", reason: expect.stringContaining("also has tag 2") })
    expect(await there(image.digest)).toBe(image.digest)
    expect(await writesOf(at)).toEqual([])
  })

  it("keeps a platform, with its evidence, that another index lists", async () => {
    const [amd64, arm64] = image.platforms.map(({ manifest }) => manifest.descriptor)
    const second = manifestOf(testMediaTypes.index, {
      schemaVersion: 2,
      mediaType: testMediaTypes.index,
      manifests: [{ ...amd64, platform: { os: "linux", architecture: "amd64" } }],
    })
    await pushManifest(at.url, repository, second, "2")
    const result = await remove()
    expect(result.status).toBe("deleted")
    expect(await there(amd64?.digest ?? "")).toBe(amd64?.digest)
    expect(await there(image.referrers[0]?.descriptor.digest ?? "")).toBe(image.referrers[0]?.descriptor.digest)
    expect(await there(arm64?.digest ?? "")).toBeUndefined()
    expect(result.kept.map(({ digest }) => digest)).toContain(amd64?.digest)
  })

  it("keeps a platform's manifest that is deleted by itself while an index lists it", async () => {
    const digest = platformOf(image).digest
    const result = await deleteImage(
      { registry: newRegistry() },
      {
        image: refer(at, `${repository}@${digest}`),
        referrers: true,
        dryRun: false,
        deletionWay: { kind: "oci" },
      },
    )
    expect(result).toMatchObject({ status: "skipped", reason: expect.stringContaining("listed by index") })
    expect(await there(digest)).toBe(digest)
  })

  it("never deletes the history or a listing of referrers as an image", async () => {
    await pushManifest(at.url, repository, image.root, "mirror-history")
    expect(await remove("mirror-history")).toMatchObject({
      status: "skipped",
      reason: expect.stringContaining("holds evidence or the mirror history"),
    })
    expect(await tags()).toContain("mirror-history")
  })

  it("skips a tag that moved after it was decided about", async () => {
    const moved = anImage({ layers: ["moved"] })
    await pushImage(at.url, repository, "1", moved)
    const { digest } = refer(at, `${repository}@${image.digest}`)
    if (digest === undefined) throw new Error("no digest")
    const result = await deleteImage(
      { registry: newRegistry() },
      {
        image: { ...refer(at, `${repository}:1`), digest },
        referrers: true,
        dryRun: false,
        deletionWay: { kind: "oci" },
      },
    )
    expect(result).toMatchObject({ status: "skipped", reason: expect.stringContaining("now points to") })
    expect(await tagDigest(at, `${repository}:1`)).toBe(moved.digest)
  })

  it("says why when the registry deletes nothing, and has deleted nothing", async () => {
    await at.fault({ kind: "delete-unsupported" })
    const result = await remove()
    await at.clearFaults()
    expect(result).toMatchObject({
      status: "failed",
      deleted: [],
      reason: expect.stringContaining("does not allow deletion"),
    })
    expect(await tagDigest(at, `${repository}:1`)).toBe(image.digest)
  })

  it("only tells what it would delete in a dry run", async () => {
    const result = await remove("1", { dryRun: true })
    expect(result).toMatchObject({ status: "skipped", reason: "dry run", deleted: [] })
    expect(result.kept.map(({ digest }) => digest)).toEqual(
      expect.arrayContaining([image.digest, platformOf(image).digest]),
    )
    expect(await writesOf(at)).toEqual([])
  })

  it("skips where no way to delete was given, and fails for what is not there", async () => {
    expect(await remove("1", {}, { kind: "none", reason: "pass a token" })).toMatchObject({
      status: "skipped",
      reason: "pass a token",
    })
    expect(await remove("nothing")).toMatchObject({ status: "failed", reason: expect.stringContaining("is not there") })
    expect(await writesOf(at)).toEqual([])
  })
})
