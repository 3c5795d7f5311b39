// Retire: archived and proven, then the tombstone, then the deletion; what fails stops everything after it.
import { readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { DeletionWay } from "../../core/delete/delete-image.js"
import { findTombstone } from "../../core/lifecycle/tombstone.js"
import { type Digest, parseDigest } from "../../core/oci/digest.js"
import { retiredTag } from "../../core/oci/reserved-tags.js"
import { selectTags } from "../../core/oci/tags.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import type { Registry } from "../../core/ports.js"
import { renderRetirement } from "../../core/retire/render-retirement.js"
import { retire, type RetireRequest } from "../../core/retire/retire.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { manifestOf, type TestManifest, testMediaTypes } from "../support/build-manifest.js"
import { aReferrer, aStatement } from "../support/build-referrer.js"
import { HostArchiver, layoutAt } from "../support/host-archiver.js"
import { platformOf } from "../support/odd-images.js"
import { pushLayout } from "../support/parts.js"
import { anOperation, interrupt, newRegistry, refer, tagDigest, writesOf } from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const run = { now: () => new Date("2026-06-15T12:00:00Z") }

describe.each(["api", "distribution"] as const)("retire on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  let repository: string
  let image: TestImage
  let nested: TestManifest
  let signature: TestManifest
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  beforeEach(async () => {
    repository = `app${++number}`
    image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [repository], sbom: "cyclonedx" })
    await pushImage(at.url, repository, "1", image)
    await pushImage(at.url, repository, "2", anImage({ layers: ["successor"], sbom: "cyclonedx" }))
    const sbom = image.referrers[0]?.descriptor ?? platformOf(image)
    nested = aStatement(sbom, { predicateType: "https://example.com/s", predicate: {} })
    await attachReferrer(at.url, repository, nested)
    const layers = [{ mediaType: "application/vnd.dev.cosign.simplesigning.v1+json", content: `{"${repository}":1}` }]
    const { subject: _subject, ...plain } = JSON.parse(aReferrer(image.root.descriptor, { layers }).bytes.toString())
    signature = manifestOf(testMediaTypes.manifest, plain, aReferrer(image.root.descriptor, { layers }).blobs)
    await pushManifest(at.url, repository, signature, `${image.digest.replace(":", "-")}.sig`)
    await at.resetRequests()
  })

  const parts = () => [
    image.root,
    ...image.platforms.map(({ manifest }) => manifest),
    ...image.referrers,
    nested,
    signature,
  ]
  const digests = () => [
    ...new Set(parts().flatMap((part) => [part, ...part.blobs].map(({ descriptor }) => descriptor.digest))),
  ]
  const there = (digest: string) => tagDigest(at, `${repository}@${digest}`)
  const tombstoneTag = () => retiredTag(parseDigest(image.digest))
  type Options = Partial<RetireRequest> & { registry?: Registry; archiver?: HostArchiver; way?: DeletionWay }
  const retired = ({
    registry = newRegistry(),
    archiver = new HostArchiver(),
    way = { kind: "oci" },
    ...more
  }: Options = {}) =>
    retire(
      { ...anOperation({ registry, ...run }), archiver },
      {
        image: refer(at, `${repository}:1`),
        reason: "end of support",
        delete: true,
        dryRun: false,
        deletionWay: way,
        ...more,
      },
    )

  it("archives everything, leaves a tombstone, and deletes the image and its evidence", async () => {
    const successor = refer(at, `${repository}:2`)
    const { result, archive = "" } = await retired({ successor })
    expect(result).toMatchObject({
      digest: image.digest,
      reason: "end of support",
      tags: ["1"],
      retiredAt: "2026-06-15T12:00:00.000Z",
      archive: { verified: true },
      tombstone: { tag: tombstoneTag(), state: "written" },
      deletion: { status: "deleted" },
    })
    expect([...result.archive.digests].sort()).toEqual(digests().sort())
    expect(await layoutAt(archive).damaged(digests().map(parseDigest))).toEqual([])
    for (const part of parts())
      expect([part.descriptor.digest, await there(part.descriptor.digest)]).toEqual([part.descriptor.digest, undefined])
    expect(await tagDigest(at, `${repository}:${tombstoneTag()}`)).toBe(result.tombstone?.digest)
    expect(await findTombstone(newRegistry(), refer(at, repository), parseDigest(image.digest))).toEqual({
      subject: image.digest,
      tag: tombstoneTag(),
      digest: result.tombstone?.digest,
      retiredAt: "2026-06-15T12:00:00.000Z",
      reason: "end of support",
      successor: `${at.address}/${repository}:2@${await tagDigest(at, `${repository}:2`)}`,
      tags: ["1"],
      run: "https://ci.example/runs/7",
    })
    expect(selectTags((await newRegistry().tags(refer(at, repository))) ?? [])).toEqual(["2"])
  })

  it("gives back an archive that another client can read and push again", async () => {
    const { archive = "" } = await retired()
    expect(await pushLayout(archive, "1", { registry: at.address, repository: `${repository}/restored` })).toBe(
      image.digest,
    )
    const restored = (digest: string) => tagDigest(at, `${repository}/restored@${digest}`)
    for (const part of parts().filter((one) => one !== signature))
      expect(await restored(part.descriptor.digest)).toBe(part.descriptor.digest)
    const sbom = parseDigest(image.referrers[0]?.descriptor.digest ?? "")
    const tree = await newRegistry().referrers({ ...refer(at, `${repository}/restored`), digest: sbom })
    expect(tree?.referrers.map(({ digest }) => digest)).toEqual([nested.descriptor.digest])
    expect(JSON.parse(await readFile(join(archive, "oci-layout"), "utf8"))).toEqual({ imageLayoutVersion: "1.0.0" })
  })

  it.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
    ["lacks a blob", (folder) => rm(blobIn(folder, platformOf(image).digest)), /missing or damaged/],
    [
      "has a blob with other bytes",
      (folder) => writeFile(blobIn(folder, nested.descriptor.digest), "{}"),
      /missing or damaged/,
    ],
    [
      "lacks what cosign's tag names",
      (folder) => rm(blobIn(folder, signature.descriptor.digest)),
      /missing or damaged/,
    ],
    ["has no index.json", (folder) => rm(join(folder, "index.json")), /no index\.json/],
    [
      "has an index.json of another image",
      (folder) => writeFile(join(folder, "index.json"), '{"manifests":[]}'),
      /does not list/,
    ],
    ["has an index.json that is none", (folder) => writeFile(join(folder, "index.json"), "<html>"), /is not JSON/],
  ])("writes and deletes nothing when the archive %s", async (_, harm, message) => {
    await expect(retired({ archiver: new HostArchiver(harm) })).rejects.toThrow(message)
    expect(await writesOf(at)).toEqual([])
    expect(await tagDigest(at, `${repository}:1`)).toBe(image.digest)
  })

  it("writes and deletes nothing when the archive cannot be made", async () => {
    await at.fault({ status: 500, match: { method: "GET", pathRegex: `/blobs/${layerOf(image)}` } })
    await expect(retired()).rejects.toThrow()
    await at.clearFaults()
    expect(await writesOf(at)).toEqual([])
  })

  it("deletes nothing when the tombstone cannot be written, or not be named", async () => {
    await at.fault({ status: 403, match: { method: "PUT", pathRegex: `/${repository}/manifests/` } })
    await expect(retired()).rejects.toThrow(/\[REGISTRY_/)
    await at.clearFaults()
    await at.fault({ status: 403, match: { method: "PUT", pathRegex: `/${repository}/manifests/retired-` } })
    await expect(retired()).rejects.toThrow(/\[REGISTRY_/)
    await at.clearFaults()
    expect((await writesOf(at)).filter(({ method }) => method === "DELETE")).toEqual([])
    for (const part of parts()) expect(await there(part.descriptor.digest)).toBe(part.descriptor.digest)
    expect((await retired()).result).toMatchObject({ tombstone: { state: "written" }, deletion: { status: "deleted" } })
  })

  it("keeps the image when something was attached after the archive was made", async () => {
    const late = aStatement(platformOf(image), { predicateType: "https://example.com/late", predicate: {} })
    const registry = interrupt(newRegistry(), "tag", "after", () => attachReferrer(at.url, repository, late))
    const { result } = await retired({ registry })
    expect(result.deletion).toMatchObject({
      status: "skipped",
      reason: expect.stringContaining("is not in the archive"),
    })
    expect(result.deletion?.reason).toContain(late.descriptor.digest)
    expect(await there(image.digest)).toBe(image.digest)
    const again = await retired()
    expect(again.result).toMatchObject({ tombstone: { state: "existing" }, deletion: { status: "deleted" } })
    expect(again.result.archive.digests).toContain(late.descriptor.digest)
  })

  it("puts the tombstone back when the registry takes it along with the image", async () => {
    const registry = interrupt(newRegistry(), "remove", "after", async () => {
      const digest = (await tagDigest(at, `${repository}:${tombstoneTag()}`)) as Digest
      await newRegistry().remove({ ...refer(at, repository), digest })
    })
    const { result } = await retired({ registry })
    expect(result).toMatchObject({ tombstone: { state: "restored" }, deletion: { status: "deleted" } })
    expect((await findTombstone(newRegistry(), refer(at, repository), parseDigest(image.digest)))?.reason).toBe(
      "end of support",
    )
  })

  it("fails when a tombstone that went along cannot be put back", async () => {
    const registry = interrupt(newRegistry(), "remove", "after", async () => {
      const digest = (await tagDigest(at, `${repository}:${tombstoneTag()}`)) as Digest
      await newRegistry().remove({ ...refer(at, repository), digest })
      await at.fault({ status: 403, match: { method: "PUT", pathRegex: `/${repository}/manifests/retired-` } })
    })
    await expect(retired({ registry })).rejects.toThrow(/\[EVIDENCE_FAILED\].*was deleted, and its tombstone retired-/)
    await at.clearFaults()
  })

  it("tells what the tombstone says, which an earlier run wrote", async () => {
    const { result } = await retired({ delete: false })
    const again = await retired({ delete: false, reason: "something else" })
    expect(again.result).toMatchObject({ retiredAt: result.retiredAt, reason: "end of support" })
    expect(again.result.tombstone).toEqual({ ...result.tombstone, state: "existing" })
  })

  it("keeps an image that another tag shares, archived and with its tombstone, and says so", async () => {
    await pushManifest(at.url, repository, image.root, "stable")
    const { result } = await retired()
    expect(result).toMatchObject({
      tags: ["1", "stable"],
      tombstone: { state: "written" },
      deletion: { status: "skipped", reason: expect.stringContaining("also has tag stable") },
    })
    expect(await there(image.digest)).toBe(image.digest)
  })

  it("says why an image stays that the registry does not delete", async () => {
    const { result } = await retired({ way: { kind: "none", reason: "pass a token" } })
    expect(result).toMatchObject({
      tombstone: { state: "written" },
      deletion: { status: "skipped", reason: "pass a token" },
    })
    await at.fault({ kind: "delete-unsupported" })
    const again = await retired()
    await at.clearFaults()
    expect(again.result.deletion).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("does not allow deletion"),
    })
    expect(again.result.tombstone?.state).toBe("existing")
  })

  it("leaves the image when its deletion is not asked for, but dead for every reader", async () => {
    const { result } = await retired({ delete: false })
    expect(result.deletion).toBeUndefined()
    expect(await there(image.digest)).toBe(image.digest)
    const tree = await newRegistry().referrers({ ...refer(at, repository), digest: parseDigest(image.digest) })
    expect(tree?.referrers.map(({ digest }) => digest)).toContain(result.tombstone?.digest)
  })

  it("only tells in a dry run", async () => {
    const { result, archive } = await retired({ dryRun: true })
    expect(archive).toBeUndefined()
    expect(result).toMatchObject({
      dryRun: true,
      archive: { verified: false },
      deletion: { reason: "dry run", deleted: [] },
    })
    expect(result.tombstone).toBeUndefined()
    expect([...result.archive.digests].sort()).toEqual(digests().sort())
    expect(await writesOf(at)).toEqual([])
    expect(toMarkdown(renderRetirement(result), { now: new Date() })).toContain("(dry run)")
  })

  it("refuses what would retire nothing, or for nobody", async () => {
    const of = (name: string) => refer(at, `${repository}${name}`)
    await expect(retired({ reason: " \t" })).rejects.toThrow(/\[ARGUMENT_INVALID\] the reason is empty/)
    await expect(retired({ reason: "a\u2028b" })).rejects.toThrow("must be one line")
    await expect(retired({ image: of(":3") })).rejects.toThrow(/\[REGISTRY_NOT_FOUND\]/)
    await expect(retired({ image: of(`:${image.digest.replace(":", "-")}.sig`) })).rejects.toThrow("is no image")
    await expect(retired({ image: of(`@${nested.descriptor.digest}`) })).rejects.toThrow(/\[MANIFEST_UNSUPPORTED\]/)
    await expect(retired({ successor: of(":3") })).rejects.toThrow(/\[REGISTRY_NOT_FOUND\]/)
    await expect(retired({ successor: of(":1") })).rejects.toThrow("is the image itself")
    await expect(retired({ successor: of(`@${nested.descriptor.digest}`) })).rejects.toThrow(/\[MANIFEST_UNSUPPORTED\]/)
    expect(await writesOf(at)).toEqual([])
    await retired({ image: of(":2"), delete: false })
    await expect(retired({ successor: of(":2") })).rejects.toThrow("is retired itself")
  })

  it("does not take anything for a tombstone that is none", async () => {
    const find = () => findTombstone(newRegistry(), refer(at, repository), parseDigest(image.digest))
    expect(await find()).toBeUndefined()
    await pushManifest(at.url, repository, image.root, tombstoneTag())
    await expect(find()).rejects.toThrow(/\[MANIFEST_INVALID\].*is not the tombstone of/)
    const type = "application/vnd.microsoft.artifact.lifecycle"
    await pushManifest(at.url, repository, aReferrer(platformOf(image), { artifactType: type }), tombstoneTag())
    await expect(find()).rejects.toThrow("look who wrote it")
    await expect(retired()).rejects.toThrow("look who wrote it")
    expect(await there(image.digest)).toBe(image.digest)
  })

  it("tells it all in Markdown, and nothing hostile in it acts", async () => {
    const { result } = await retired({ reason: "bad | **x** <b>" })
    const text = toMarkdown(renderRetirement(result), { now: new Date() })
    expect(text).toContain("| Tombstone written | `retired-sha256-")
    expect(text).toContain("| archived and verified: ")
    expect(text).toContain("bad \\| \\*\\*x\\*\\* &lt;b&gt;")
    expect(text).toMatch(/## ✅ Delete .*: deleted/)
  })
})

function blobIn(folder: string, digest: string): string {
  return join(folder, "blobs", ...digest.split(":"))
}

function layerOf(image: TestImage): string {
  return image.platforms[0]?.manifest.blobs[1]?.descriptor.digest ?? ""
}
