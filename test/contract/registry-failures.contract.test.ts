// What registries do when they do not do as they are asked: each is told apart, on the right side, and nothing moves.
import { createServer } from "node:net"
import { describe, expect, it } from "vitest"
import { parseReference } from "../../core/oci/reference.js"
import { anImage } from "../support/build-image.js"
import { pushImage } from "../support/push-image.js"
import { type Fault, startRegistry } from "../support/registry.js"
import { aRepository, fourAttempts, kinds, MirrorWorld, mirrorWorld } from "./mirror-world.js"

const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: ["a", "b"], sbom: "cyclonedx" })

const always = { pathRegex: "/v2/.+" }
const denied = '{"errors":[{"code":"DENIED","message":"denied"}]}\n'
const denials: [string, Fault, RegExp, number][] = [
  ["401", { status: 401, match: always }, /^\[REGISTRY_UNAUTHORIZED\] .*with-registry-auth/, 1],
  ["403", { status: 403, match: always, body: denied }, /^\[REGISTRY_UNAUTHORIZED\] .*with-registry-auth/, 1],
]
const outages: [string, Fault, RegExp, number][] = [
  ["429", { status: 429, match: always }, /^\[REGISTRY_RATE_LIMITED\] /, 4],
  ["503", { status: 503, match: always }, /^\[REGISTRY_UNAVAILABLE\] /, 4],
  ["a cut connection", { kind: "disconnect", match: always }, /^\[REGISTRY_UNREACHABLE\] /, 4],
]

// Each attempt tries a request three times within a second: side by side, with registries of their own.
describe.concurrent("a registry that fails for good", () => {
  it.each([...denials, ...outages])(
    "with %s is named after as many attempts as help",
    { timeout: 240_000 },
    async (_, fault, message, attempts) => {
      const world = new MirrorWorld()
      world.source = world.target = await startRegistry("api")
      try {
        await pushImage(world.source.url, "app", "1", image)
        await world.source.fault(fault)
        await world.forgetRequests()
        const retry = fourAttempts([1, 2, 3])
        const error = await world.mirror("app", { retry, referrers: false }).catch((reason: Error) => reason)
        expect(error).toMatchObject({ message: expect.stringMatching(message) })
        expect((error as Error).message).toContain(world.source.address)
        expect([...new Set(retry.slept)]).toEqual([1, 2, 3].slice(0, attempts - 1))
        expect(await world.writes()).toEqual([])
      } finally {
        await world.source.stop()
      }
    },
  )
})

describe.each(kinds)("a failing registry %s", (kind) => {
  const world = mirrorWorld(kind, kind)

  async function pushed(): Promise<string> {
    const repository = aRepository()
    await pushImage(world.source.url, repository, "1", image)
    return repository
  }

  it.each(denials)("%s at the target says that it is the target", async (_, fault, message) => {
    const repository = await pushed()
    await world.target.fault({ ...fault, match: { method: "POST" } })
    const error = (await world.mirror(repository).catch((reason: Error) => reason)) as Error
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(
      new RegExp(`\\(POST ${world.target.address}/v2/quarantine/${repository}/blobs/uploads/ answered 40`),
    )
    await world.target.clearFaults()
    expect(await world.at(repository, "1")).toBeUndefined()
  })

  it("names a target repository that has to be created first", async () => {
    const repository = await pushed()
    await world.target.fault({ kind: "missing-repository" })
    await expect(world.mirror(repository)).rejects.toThrow(
      new RegExp(
        `^\\[REGISTRY_NOT_FOUND\\] copy .* to ${world.target.address}/quarantine/${repository} failed: .*repository created first`,
      ),
    )
  })

  it.each([409, 412] as const)("names a tag that may not move (%d), and loses nothing", async (status) => {
    const repository = await pushed()
    const old = anImage({ layers: ["old"] })
    await pushImage(world.target.url, `quarantine/${repository}`, "1", old)
    await world.target.fault({ kind: "immutable-tags", status, tags: "1" })
    await expect(world.mirror(repository, { history: true })).rejects.toThrow(
      /^\[TAG_IMMUTABLE\] tag .* as 1 failed: .*choose another tag/,
    )
    await world.target.clearFaults()
    expect(await world.at(repository, "1")).toBe(old.digest)
    expect(await world.at(repository, "mirror-history")).toBeUndefined()
  })

  it("passes when the registry recovers in the middle", async () => {
    const repository = await pushed()
    // oras itself tries a request five times: more failures than that reach our own attempts.
    const match = { method: "PUT", pathRegex: `/manifests/${image.digest}` }
    await world.target.fault({ status: 503, match, times: 7 })
    await world.source.fault({ kind: "disconnect", match: { method: "GET", pathRegex: "/blobs/" }, skip: 1, times: 1 })
    const retry = fourAttempts()
    expect(await world.mirror(repository, { retry, provenance: true })).toMatchObject({
      copied: true,
      digest: image.digest,
    })
    expect(retry.slept.length).toBeGreaterThan(0)
    expect(await world.at(repository, "1")).toBe(image.digest)
  })

  it("waits as long as Retry-After says, and not at all when that is too long", { timeout: 120_000 }, async () => {
    const repository = await pushed()
    const limited = (seconds: string) => ({
      status: 429,
      headers: { "Retry-After": seconds },
      match: { method: "HEAD" },
    })
    await world.source.fault({ ...limited("60"), times: 1 })
    const retry = fourAttempts()
    expect((await world.mirror(repository, { retry, referrers: false })).copied).toBe(true)
    expect(retry.slept).toEqual([60])
    await world.source.fault(limited("3600"))
    const bounded = fourAttempts()
    await expect(world.mirror(repository, { retry: bounded, referrers: false })).rejects.toThrow(
      /^\[REGISTRY_RATE_LIMITED\] /,
    )
    expect(bounded.slept).toEqual([])
  })
})

describe("a registry that is not there", () => {
  const world = mirrorWorld("api", "api")

  it("is named when its host is unknown", { timeout: 120_000 }, async () => {
    const client = world.client({ retry: fourAttempts() })
    await expect(client.resolve(parseReference("no-such-host.invalid/app:1"))).rejects.toThrow(
      /^\[REGISTRY_UNREACHABLE\] .*no-such-host.invalid.*check the host's name/,
    )
  })

  it("is tried four times when it refuses connections", { timeout: 120_000 }, async () => {
    const port = await unusedPort()
    const retry = fourAttempts()
    const client = world.client({ retry })
    await expect(client.resolve(parseReference(`127.0.0.1:${port}/app:1`))).rejects.toThrow(
      /^\[REGISTRY_UNREACHABLE\] /,
    )
    expect(retry.slept).toEqual([5, 10, 20])
  })
})

async function unusedPort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>((done) =>
    server.listen(0, "127.0.0.1", () => done((server.address() as { port: number }).port)),
  )
  await new Promise((done) => server.close(done))
  return port
}
