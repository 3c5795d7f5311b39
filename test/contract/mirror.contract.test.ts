// Mirror over every pair of registries: with the referrers API and without it, with the real oras.
import { describe, expect, it } from "vitest"
import { anImage } from "../support/build-image.js"
import { aReferrer, aStatement } from "../support/build-referrer.js"
import { attachReferrer, pushImage, send } from "../support/push-image.js"
import { aRepository, logged, loggedOurs, mirrorWorld, nth, pairs, sum } from "./mirror-world.js"

const twoPlatforms = { platforms: ["linux/amd64", "linux/arm64"], layers: ["a", "b", "c"] }

describe.each(pairs)("mirror from %s to %s", (from, to) => {
  const world = mirrorWorld(from, to)

  it.each([
    ["an index", {}],
    ["a single image", { single: true, platforms: ["linux/amd64"] }],
  ])("keeps the digest and the bytes of %s", async (_, options) => {
    const repository = aRepository()
    const image = anImage({ ...twoPlatforms, ...options })
    await pushImage(world.source.url, repository, "1", image)
    const result = await world.mirror(repository)
    expect(result).toMatchObject({ copied: true, digest: image.digest, repaired: [] })
    expect(result).not.toHaveProperty("previousDigest")
    expect(await world.at(repository, "1")).toBe(image.digest)
    const accept = { accept: image.root.descriptor.mediaType }
    const answer = await send(world.target.url, "GET", `/v2/quarantine/${repository}/manifests/1`, accept)
    expect(Buffer.from(await answer.arrayBuffer()).equals(image.root.bytes)).toBe(true)
  })

  it("asks one HEAD of each side when the digests match and referrers are off", async () => {
    const repository = aRepository()
    await pushImage(world.source.url, repository, "1", anImage(twoPlatforms))
    await world.mirror(repository, { referrers: false })
    await world.forgetRequests()
    const result = await world.mirror(repository, { referrers: false })
    expect(result.copied).toBe(false)
    expect([await logged(world.source), await logged(world.target)]).toEqual([{ HEAD: 1 }, { HEAD: 1 }])
    expect(result.requests).toEqual({ source: { HEAD: 1 }, target: { HEAD: 1 }, token: 0 })
  })

  it("copies what is attached to the index, to a platform, and to what is attached", async () => {
    const repository = aRepository()
    const image = anImage({ ...twoPlatforms, sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    const sbom = nth(image.referrers, 0)
    const signature = aReferrer(sbom.descriptor, { artifactType: "application/vnd.example.signature" })
    const note = aReferrer(image.root.descriptor, { artifactType: "application/vnd.example.note" })
    for (const one of [signature, note]) await attachReferrer(world.source.url, repository, one)
    const result = await world.mirror(repository)
    expect(result.referrers).toEqual({ source: 4, target: 4, missing: [], extra: [] })
    for (const one of [...image.referrers, signature, note])
      expect(await world.at(repository, one.descriptor.digest)).toBe(one.descriptor.digest)
  })

  it("writes nothing in a second run", async () => {
    const repository = aRepository()
    const image = anImage({ ...twoPlatforms, sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    await pushImage(world.source.url, repository, tagOf(image.digest, "sig"), anImage({ single: true }))
    await world.mirror(repository, { history: true, provenance: true })
    await world.forgetRequests()
    const result = await world.mirror(repository, { history: true, provenance: true })
    expect(result).toMatchObject({ copied: false, previousDigest: image.digest, provenance: [], digestTags: [] })
    expect(await world.writes()).toEqual([])
  })

  it("brings a new referrer to an unchanged digest", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    await pushImage(world.source.url, repository, "1", image)
    await world.mirror(repository)
    const platform = nth(image.platforms, 1).manifest.descriptor
    const vex = aStatement(platform, { predicateType: "https://openvex.dev/ns/v0.2.0", predicate: {} })
    await attachReferrer(world.source.url, repository, vex)
    const result = await world.mirror(repository)
    expect(result).toMatchObject({ copied: true, referrers: { source: 1, target: 1, missing: [] } })
    expect(await world.at(repository, vex.descriptor.digest)).toBe(vex.descriptor.digest)
    expect((await world.mirror(repository)).copied).toBe(false)
  })

  it("copies cosign's digest tags of index and platforms, and only those", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    await pushImage(world.source.url, repository, "1", image)
    const platform = nth(image.platforms, 0).manifest.descriptor.digest
    const tags = [tagOf(image.digest, "sig"), tagOf(image.digest, "sbom"), tagOf(platform, "att")]
    for (const tag of [...tags, tagOf(`sha256:${"0".repeat(64)}`, "sig")])
      await pushImage(world.source.url, repository, tag, anImage({ single: true, layers: [tag] }))
    const result = await world.mirror(repository)
    expect([...result.digestTags].sort()).toEqual([...tags].sort())
    await world.forgetRequests()
    expect(await world.mirror(repository)).toMatchObject({ copied: false, digestTags: [] })
    expect(await world.writes()).toEqual([])
  })

  it("moves the tag of a changed image, and tells what it stood for before", async () => {
    const repository = aRepository()
    const [first, second] = [anImage({ layers: ["1"] }), anImage({ layers: ["2"] })]
    await pushImage(world.source.url, repository, "1", first)
    await world.mirror(repository)
    await pushImage(world.source.url, repository, "1", second)
    expect(await world.mirror(repository)).toMatchObject({ copied: true, previousDigest: first.digest })
    expect(await world.at(repository, "1")).toBe(second.digest)
  })

  it("copies again when forced, though the digests match", async () => {
    const repository = aRepository()
    await pushImage(world.source.url, repository, "1", anImage({ ...twoPlatforms, sbom: "cyclonedx" }))
    await world.mirror(repository)
    const result = await world.mirror(repository, { force: true })
    expect(result).toMatchObject({ copied: true, repaired: [], referrers: { source: 2, target: 2, missing: [] } })
  })

  it("plans in a dry run and writes nothing, also when something is attached to a known digest", async () => {
    const repository = aRepository()
    const image = anImage(twoPlatforms)
    await pushImage(world.source.url, repository, "1", image)
    const dry = { dryRun: true, history: true, provenance: true }
    const first = await world.mirror(repository, dry)
    expect(first).toMatchObject({ copied: false, dryRun: true })
    expect(first.plan).toEqual([`copy ${world.source.address}/${repository}:1@${image.digest} to ${first.target}`])
    expect(await world.at(repository, "1")).toBeUndefined()
    await world.mirror(repository)
    const note = aReferrer(image.root.descriptor, { artifactType: "application/vnd.example.note" })
    await attachReferrer(world.source.url, repository, note)
    await world.forgetRequests()
    expect((await world.mirror(repository, dry)).plan).toEqual([`copy ${note.descriptor.digest}`])
    expect(await world.writes()).toEqual([])
  })

  it("counts the requests that the registries count, and what oras moved as copies", async () => {
    const repository = aRepository()
    await pushImage(world.source.url, repository, "1", anImage({ ...twoPlatforms, sbom: "cyclonedx" }))
    for (const [change, copies] of [
      [{ history: true, provenance: true }, { COPY: 1 }],
      [{}, {}],
      [{ force: true }, { COPY: 1 }],
    ] as const) {
      await world.forgetRequests()
      const { requests } = await world.mirror(repository, change)
      const [source, target] = [await loggedOurs(world.source), await loggedOurs(world.target)]
      expect(requests).toEqual({ source, target: { ...target, ...copies }, token: 0 })
      expect(sum(requests.source)).toBeGreaterThan(0)
      // Whatever else the registries saw was a tool's, and only where one ran.
      const all = sum(await logged(world.source)) - sum(source)
      expect(all > 0).toBe("COPY" in copies)
    }
  })
})

function tagOf(digest: string, kind: string): string {
  return `${digest.replace(":", "-")}.${kind}`
}
