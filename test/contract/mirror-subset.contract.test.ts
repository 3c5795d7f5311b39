// Some platforms of an image: a new index, and so a new digest, with what belongs to the platforms.
import { describe, expect, it } from "vitest"
import { anImage } from "../support/build-image.js"
import { manifestOf, testMediaTypes } from "../support/build-manifest.js"
import { aReferrer } from "../support/build-referrer.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { aRepository, kinds, loggedOurs, mirrorWorld, nth } from "./mirror-world.js"

const all = { platforms: ["linux/amd64", "linux/arm64", "linux/arm/v7"], annotations: { maker: "us" } }

describe.each(kinds)("a subset of platforms on %s", (kind) => {
  const world = mirrorWorld(kind, kind)
  const some = { platforms: ["linux/amd64", "linux/arm/v7"], newDigest: true }

  it("is refused unless a new digest is what is meant", async () => {
    const request = { platforms: ["linux/amd64"] }
    await expect(world.mirror("app", request)).rejects.toThrow(/^\[ARGUMENT_INVALID\] .*say newDigest/)
    await expect(world.mirror("app", { newDigest: true })).rejects.toThrow(/newDigest goes with platforms/)
  })

  it("has the chosen platforms with what is attached to them, and nothing of the index", async () => {
    const repository = aRepository()
    const image = anImage({ ...all, sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    const note = aReferrer(image.root.descriptor, { artifactType: "application/vnd.example.note" })
    await attachReferrer(world.source.url, repository, note)
    await world.forgetRequests()
    const result = await world.mirror(repository, some)
    expect(result.requests).toEqual({
      source: await loggedOurs(world.source),
      target: { ...(await loggedOurs(world.target)), COPY: 2 },
      token: 0,
    })
    const { manifests, ...rest } = JSON.parse(image.root.bytes.toString())
    const expected = manifestOf(testMediaTypes.index, { ...rest, manifests: [manifests[0], manifests[2]] })
    expect(result).toMatchObject({ copied: true, referrers: { source: 2, target: 2, missing: [] } })
    expect(result.digest).not.toBe(image.digest)
    expect(JSON.parse((await manifestAt(repository)) ?? "")).toEqual(JSON.parse(expected.bytes.toString()))
    for (const absent of [image.digest, note.descriptor.digest, nth(image.platforms, 1).manifest.descriptor.digest])
      expect(await world.at(repository, absent)).toBeUndefined()
  })

  it("writes nothing in a second run or a dry one", async () => {
    const repository = aRepository()
    await pushImage(world.source.url, repository, "1", anImage({ ...all, sbom: "cyclonedx" }))
    const dry = await world.mirror(repository, { ...some, dryRun: true })
    expect([dry.copied, dry.plan.length, await world.at(repository, "1")]).toEqual([false, 2, undefined])
    const first = await world.mirror(repository, some)
    expect(first.digest).toBe(dry.digest)
    await world.forgetRequests()
    expect(await world.mirror(repository, some)).toMatchObject({ copied: false, digest: first.digest })
    expect(await world.writes()).toEqual([])
  })

  it("names platforms that the image does not have", async () => {
    const repository = aRepository()
    const image = anImage({ platforms: ["linux/amd64"] })
    await pushImage(world.source.url, repository, "1", image)
    await expect(world.mirror(repository, some)).rejects.toThrow(/has no linux\/arm\/v7: it has linux\/amd64/)
    await pushManifest(world.source.url, repository, nth(image.platforms, 0).manifest, "single")
    await expect(world.mirror(repository, { ...some, tag: "single" })).rejects.toThrow(/is a single image/)
  })

  function manifestAt(repository: string): Promise<string | undefined> {
    return world.client().manifest({ registry: world.target.address, repository: `quarantine/${repository}`, tag: "1" })
  }
})
