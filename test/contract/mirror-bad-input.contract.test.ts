// Sources that are not what they should be. Nothing of them may get a tag at the target.
import { describe, expect, it } from "vitest"
import { anImage } from "../support/build-image.js"
import { blobOf, manifestOf, testMediaTypes } from "../support/build-manifest.js"
import { aReferrer } from "../support/build-referrer.js"
import { twoPlatformsInOne } from "../support/odd-images.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { aRepository, kinds, mirrorWorld, nth } from "./mirror-world.js"

const twoPlatforms = { platforms: ["linux/amd64", "linux/arm64"] }
const schema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"

describe.each(kinds)("mirror from and to %s", (kind) => {
  const world = mirrorWorld(kind, kind)

  async function refused(repository: string, message: RegExp): Promise<void> {
    await world.forgetRequests()
    const error = await world.mirror(repository, { history: true, provenance: true }).catch((reason: Error) => reason)
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).not.toContain("\n")
    expect(await world.at(repository, "1")).toBeUndefined()
  }

  it("says that a tag or repository is not there", async () => {
    const repository = aRepository()
    await refused(
      repository,
      new RegExp(`^\\[REGISTRY_NOT_FOUND\\] ${world.source.address}/${repository}:1 is not there`),
    )
    await pushImage(world.source.url, repository, "other", anImage())
    await refused(repository, /^\[REGISTRY_NOT_FOUND\] /)
    expect(await world.writes()).toEqual([])
  })

  it("refuses a manifest whose bytes do not match its digest", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    await pushImage(world.source.url, repository, "1", image)
    await world.source.fault({ kind: "corrupt", digest: image.digest })
    await refused(repository, /^\[DIGEST_MISMATCH\] .*do not (use|trust) this registry/)
    expect(await world.writes()).toEqual([])
  })

  it.each([true, false])(
    "refuses an index that two clients read differently, with referrers: %s",
    async (referrers) => {
      const repository = aRepository()
      await pushImage(world.source.url, repository, "1", twoPlatformsInOne())
      await expect(world.mirror(repository, { referrers })).rejects.toMatchObject({ code: "MANIFEST_INVALID" })
      await refused(repository, /^\[MANIFEST_INVALID\] .*two ways: manifests\[0\]: "platform" and "Platform"/)
      expect(await world.writes()).toEqual([])
    },
  )

  it("refuses a layer whose bytes do not match its digest", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    await pushImage(world.source.url, repository, "1", image)
    await world.source.fault({
      kind: "corrupt",
      digest: nth(nth(image.platforms, 0).manifest.blobs, 1).descriptor.digest,
    })
    await refused(repository, /^\[DIGEST_MISMATCH\] /)
  })

  it("mirrors an artifact that is no image", async () => {
    const repository = aRepository()
    const [config, chart] = [blobOf(testMediaTypes.empty, "{}"), blobOf("application/vnd.example.chart", "chart")]
    const content = {
      schemaVersion: 2,
      mediaType: testMediaTypes.manifest,
      artifactType: "application/vnd.example.chart",
      config: config.descriptor,
      layers: [chart.descriptor],
    }
    const artifact = manifestOf(testMediaTypes.manifest, content, [config, chart])
    await pushManifest(world.source.url, repository, artifact, "1")
    const result = await world.mirror(repository, { provenance: true })
    expect(result).toMatchObject({ copied: true, digest: artifact.descriptor.digest })
    expect(result.provenance).toHaveLength(1)
  })

  it("mirrors an index without platforms", async () => {
    const repository = aRepository()
    const empty = manifestOf(testMediaTypes.index, { schemaVersion: 2, mediaType: testMediaTypes.index, manifests: [] })
    await pushManifest(world.source.url, repository, empty, "1")
    expect(await world.mirror(repository)).toMatchObject({ copied: true, digest: empty.descriptor.digest })
  })

  it("refuses a manifest of Docker schema 1", async () => {
    const repository = aRepository()
    const old = manifestOf(schema1, {
      schemaVersion: 1,
      name: "app",
      tag: "1",
      architecture: "amd64",
      fsLayers: [],
      history: [],
    })
    const headers = { "Content-Type": schema1, "Docker-Content-Digest": old.descriptor.digest }
    await world.source.fault({
      status: 200,
      headers,
      body: old.bytes.toString(),
      match: { pathRegex: `/${repository}/manifests/` },
    })
    await refused(repository, /schema 1|schemaVersion|v1\+prettyjws/i)
  })

  it("refuses a truncated manifest", async () => {
    const repository = aRepository()
    const cut = blobOf(
      testMediaTypes.index,
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[',
    )
    const headers = { "Content-Type": testMediaTypes.index, "Docker-Content-Digest": cut.descriptor.digest }
    await world.source.fault({
      status: 200,
      headers,
      body: cut.bytes.toString(),
      match: { pathRegex: `/${repository}/manifests/(1|${cut.descriptor.digest})$` },
    })
    await refused(repository, /^\[MANIFEST_INVALID\] /)
    expect(await world.writes()).toEqual([])
  })

  it("refuses an oversized manifest", async () => {
    const repository = aRepository()
    const large = blobOf(testMediaTypes.index, anImage(twoPlatforms).root.bytes.toString() + " ".repeat(4 << 20))
    const { digest, size } = large.descriptor
    const headers = {
      "Content-Type": testMediaTypes.index,
      "Docker-Content-Digest": digest,
      "Content-Length": `${size}`,
    }
    const match = { pathRegex: `/${repository}/manifests/(1|${digest})$` }
    await world.source.fault({ status: 200, headers, body: large.bytes.toString(), match })
    await refused(repository, /^\[LIMIT_EXCEEDED\] /)
    expect(await world.writes()).toEqual([])
  })

  it("copies an image without its referrers when they refer to each other, and says so", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    await pushImage(world.source.url, repository, "1", image)
    const note = aReferrer(image.root.descriptor, { artifactType: "application/vnd.example.note" })
    await attachReferrer(world.source.url, repository, note)
    await world.source.fault({ kind: "cyclic-referrers", digests: [image.digest, note.descriptor.digest] })
    const result = await world.mirror(repository)
    expect(result).toMatchObject({ copied: true, lying: [image.digest], referrers: { source: 0, target: 0 } })
    expect(await world.at(repository, note.descriptor.digest)).toBeUndefined()
  })

  it.each([undefined, ""])("copies referrers whose listed type is wrong (%j)", async (artifactType) => {
    const repository = aRepository()
    const image = anImage({ ...twoPlatforms, sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    await world.source.fault({ kind: "wrong-artifact-types", ...(artifactType === undefined ? {} : { artifactType }) })
    expect((await world.mirror(repository)).referrers).toEqual({ source: 2, target: 2, missing: [], extra: [] })
  })
})

describe.each(kinds)("mirror to %s from a registry that answers the referrers tag with the image itself", (kind) => {
  const world = mirrorWorld("distribution", kind)

  it.each([
    ["an index", {}],
    ["a single image", { single: true, platforms: ["linux/amd64"] }],
  ])("copies %s without referrers and says so", async (_, options) => {
    const repository = aRepository()
    const image = anImage({ ...twoPlatforms, ...options })
    await pushImage(world.source.url, repository, "1", image)
    await world.source.fault({ kind: "lying-referrers-tag" })
    const result = await world.mirror(repository)
    expect(result).toMatchObject({
      copied: true,
      digest: image.digest,
      referrers: { source: 0, target: 0, missing: [] },
    })
    expect(await world.at(repository, "1")).toBe(image.digest)
    for (const { manifest } of image.platforms)
      expect(await world.at(repository, manifest.descriptor.digest)).toBe(manifest.descriptor.digest)
    if (!("single" in options)) expect(result.lying).toContain(image.digest)
    expect((await world.mirror(repository)).copied).toBe(false)
  })
})
