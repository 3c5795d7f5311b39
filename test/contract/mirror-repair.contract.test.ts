// A target that holds an image only in part, and copies that lose something on the way.
import { describe, expect, it } from "vitest"
import { anImage } from "../support/build-image.js"
import { manifestOf, testMediaTypes } from "../support/build-manifest.js"
import { pushImage, pushManifest, send } from "../support/push-image.js"
import { aRepository, kinds, mirrorWorld, nth } from "./mirror-world.js"

const twoPlatforms = { platforms: ["linux/amd64", "linux/arm64"], layers: ["a", "b"] }

describe.each(kinds)("a half-filled target on %s", (kind) => {
  const world = mirrorWorld("api", kind)

  it.each([{ force: false }, { force: true }])("gets the platform that it lacks (%o)", async ({ force }) => {
    const repository = aRepository()
    const image = anImage({ ...twoPlatforms, sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    await world.mirror(repository)
    const lost = nth(image.platforms, 1).manifest.descriptor.digest
    const path = `/v2/quarantine/${repository}/manifests/${lost}`
    expect((await send(world.target.url, "DELETE", path)).status).toBe(202)
    const result = await world.mirror(repository, { force })
    expect(result).toMatchObject({ copied: true, digest: image.digest })
    expect(result.repaired).toContain(lost)
    expect(await world.at(repository, lost)).toBe(lost)
    expect((await world.mirror(repository)).copied).toBe(false)
  })

  it("gets the blob that it lacks when the tag does not point at it yet, and with force", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    await pushImage(world.source.url, repository, "1", image)
    await world.mirror(repository)
    const lost = nth(nth(image.platforms, 0).manifest.blobs, 1).descriptor.digest
    for (const change of [{ targetTag: "2" }, { force: true }]) {
      // Gone for the one who looks, and for oras before its upload, which then brings it back.
      await world.target.fault({
        kind: "drop-blob",
        digest: lost,
        match: { method: "HEAD", pathRegex: lost },
        times: 2,
      })
      await world.forgetRequests()
      const result = await world.mirror(repository, change)
      await world.target.clearFaults()
      expect(result).toMatchObject({ copied: true, repaired: [lost] })
      expect((await world.writes()).some((write) => write.startsWith(`POST /v2/quarantine/${repository}/blobs`))).toBe(
        true,
      )
    }
  })

  it("is named when a referrer got lost on the way, and the tag stays where it was", async () => {
    const repository = aRepository()
    const [old, image] = [anImage({ layers: ["old"] }), anImage({ ...twoPlatforms, sbom: "cyclonedx" })]
    await pushImage(world.source.url, repository, "1", old)
    await world.mirror(repository)
    await pushImage(world.source.url, repository, "1", image)
    const subject = nth(image.platforms, 0).manifest.descriptor.digest
    const listing = kind === "api" ? `/referrers/${subject}$` : `/manifests/${subject.replace(":", "-")}$`
    const body = JSON.stringify({ schemaVersion: 2, mediaType: testMediaTypes.index, manifests: [] })
    const headers = { "Content-Type": testMediaTypes.index }
    await world.target.fault({ status: 200, headers, body, match: { method: "GET", pathRegex: listing } })
    await expect(world.mirror(repository)).rejects.toThrow(
      new RegExp(
        `^\\[PARITY_FAILED\\].* lacks 1 of its parts: application/vnd.in-toto\\+json .* of ${subject}; run it again`,
      ),
    )
    expect(await world.at(repository, "1")).toBe(old.digest)
    await world.target.clearFaults()
    expect(await world.mirror(repository)).toMatchObject({ copied: true, previousDigest: old.digest })
    expect(await world.at(repository, "1")).toBe(image.digest)
  })

  it("gets nothing but errors for an image whose own platform is missing at the source", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    await pushImage(world.source.url, repository, "1", image)
    const lost = nth(image.platforms, 0).manifest.descriptor.digest
    await send(world.source.url, "DELETE", `/v2/${repository}/manifests/${lost}`)
    await expect(world.mirror(repository)).rejects.toThrow(/^\[(PARITY_FAILED|REGISTRY_NOT_FOUND)\] /)
    expect(await world.at(repository, "1")).toBeUndefined()
  })

  it("is complete for an index that lists one platform twice", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    const { manifests, ...rest } = JSON.parse(image.root.bytes.toString())
    const root = manifestOf(testMediaTypes.index, { ...rest, manifests: [...manifests, manifests[0]] })
    for (const { manifest } of image.platforms) await pushManifest(world.source.url, repository, manifest)
    await pushManifest(world.source.url, repository, root, "1")
    expect(await world.mirror(repository)).toMatchObject({ copied: true, digest: root.descriptor.digest })
  })
})
