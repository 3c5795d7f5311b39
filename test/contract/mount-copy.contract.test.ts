// Copies within one registry. What can go wrong: a registry that does not mount leaves an image without layers; a list
// arrives before what it lists; an attachment that nobody looked at comes along; a token allows the one repository alone.
import { describe, expect, it } from "vitest"
import { trafficOf } from "../../core/image/traffic.js"
import { type Digest, parseDigest } from "../../core/oci/digest.js"
import { parseReference } from "../../core/oci/reference.js"
import type { Copy } from "../../core/ports.js"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { clientAccess, type HostAccess } from "../support/host-access.js"
import { HostToolRunner } from "../support/host-tool-runner.js"
import { loggedIn } from "../support/logged-in.js"
import { mountsNothing } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { type RegistryOptions, startRegistry, type TestRegistry } from "../support/registry.js"
import { noRetry } from "../support/retries.js"

const platforms = ["linux/amd64", "linux/arm64"]
const image = anImage({ platforms, layers: ["shared", "one"], sbom: "cyclonedx" })
const other = anImage({ platforms, layers: ["shared", "two"] })

// The one with logins is a registry that asks for the right to read what is mounted.
async function withRegistry(use: (at: TestRegistry) => Promise<void>, options: RegistryOptions = {}) {
  const at = await startRegistry(options.users === undefined ? "api" : "distribution", options)
  try {
    await use(at)
  } finally {
    await at.stop()
  }
}

function world(at: TestRegistry, access: HostAccess = {}) {
  const runner = new HostToolRunner(access)
  const registry = new CopyingRegistry(runner, clientAccess(access), noRetry)
  const target = parseReference(`${at.address}/golden/app`)
  const copy = (digest: string, more: Pick<Copy, "attached"> = {}) => {
    const source = { ...parseReference(`${at.address}/quarantine/app`), digest: parseDigest(digest) }
    return registry.copy({ source, target, referrers: more.attached !== undefined, ...more })
  }
  const execs = () => runner.groups.flat().map(({ command }) => command.slice(0, 2).join(" "))
  /** Another tool finds every part of every platform. */
  const requireWhole = async ({ digest, platforms: parts }: TestImage) => {
    expect(await registry.resolve({ ...target, digest: parseDigest(digest) })).toBe(digest)
    for (const { manifest } of parts)
      await registry.validate({ ...target, digest: parseDigest(manifest.descriptor.digest) })
  }
  return { registry, target, copy, execs, requireWhole }
}

const toGolden = async (at: TestRegistry, method: string, kind: string) =>
  (await at.requests()).filter((one) => one.method === method && one.kind === kind && one.path.includes("/golden/"))
const mountsOf = async (at: TestRegistry) =>
  (await toGolden(at, "POST", "upload")).map(({ query }) => new URLSearchParams(query).get("mount"))

describe("a copy within one registry", () => {
  it("mounts each blob once for all images, pushes lists after what they list, and runs no tool", async () => {
    await withRegistry(async (at) => {
      await pushImage(at.url, "quarantine/app", "1", image)
      await pushImage(at.url, "quarantine/app", "2", other)
      const { copy, execs, requireWhole } = world(at)
      await at.resetRequests()
      await Promise.all([copy(image.digest), copy(other.digest)])
      expect(execs()).toEqual([])
      const mounted = await mountsOf(at)
      expect(mounted.length).toBeGreaterThan(0)
      expect(mounted).toHaveLength(new Set(mounted).size)
      const pushed = (await toGolden(at, "PUT", "manifest")).map(({ path }) => path.split("/").at(-1))
      for (const { digest, platforms: parts } of [image, other])
        for (const { manifest } of parts)
          expect(pushed.indexOf(manifest.descriptor.digest)).toBeLessThan(pushed.indexOf(digest))
      for (const one of [image, other]) await requireWhole(one)
    })
  })

  it("tells each blob that was mounted, with its bytes, and no command", async () => {
    await withRegistry(async (at) => {
      await pushImage(at.url, "quarantine/app", "1", image)
      await pushImage(at.url, "quarantine/app", "2", other)
      const { copy, registry } = world(at)
      await Promise.all([copy(image.digest), copy(other.digest)])
      const blobs = new Map(
        [image, other].flatMap(({ platforms: parts }) =>
          parts.flatMap(({ manifest }) =>
            manifest.blobs.map(({ descriptor: { digest, size } }) => [digest, size] as const),
          ),
        ),
      )
      const mountedBytes = [...blobs.values()].reduce((sum, size) => sum + size, 0)
      expect(mountedBytes).toBeGreaterThan(100)
      expect(trafficOf(registry).hosts[at.address]).toMatchObject({
        ...{ copies: 0, moved: 0, mounted: blobs.size, mountedBytes, unsized: 0 },
        requests: { POST: blobs.size },
      })
    })
  })

  it("brings the attachments that were listed, and no other", async () => {
    await withRegistry(async (at) => {
      await pushImage(at.url, "quarantine/app", "1", image)
      const [first, second] = image.referrers.map(({ descriptor }) => parseDigest(descriptor.digest))
      const { copy, execs, registry, target } = world(at)
      await copy(image.digest, { attached: [first as Digest] })
      expect(execs()).toEqual([])
      expect(await registry.manifest({ ...target, digest: first as Digest })).toBeDefined()
      expect(await registry.manifest({ ...target, digest: second as Digest })).toBeUndefined()
      const subject = image.platforms[0]?.manifest.descriptor.digest as Digest
      const tree = await registry.referrers({ ...target, digest: subject })
      expect(tree?.referrers.map(({ digest }) => digest)).toEqual([first])
    })
  })

  it("is left to oras where the registry does not mount, and asked for no more then", async () => {
    await withRegistry(async (at) => {
      await pushImage(at.url, "quarantine/app", "1", image)
      await pushImage(at.url, "quarantine/app", "2", other)
      await mountsNothing(at)
      const { copy, execs, requireWhole } = world(at)
      await copy(image.digest)
      await at.resetRequests()
      await copy(other.digest)
      expect(execs()).toEqual(["oras cp", "oras cp"])
      // Those of oras itself, for what differs: it looks before it asks.
      for (const one of [image, other]) await requireWhole(one)
    })
  })

  it("is left to oras when a part is missing, which then names it", async () => {
    await withRegistry(async (at) => {
      await pushImage(at.url, "quarantine/app", "1", image)
      const lost = image.platforms[1]?.manifest.descriptor.digest as Digest
      await at.fault({ match: { pathRegex: `quarantine/app/manifests/${lost}$` }, status: 404 })
      await expect(world(at).copy(image.digest)).rejects.toMatchObject({
        code: "REGISTRY_NOT_FOUND",
        message: expect.stringContaining(lost),
      })
      expect(await toGolden(at, "PUT", "manifest")).toEqual([])
    })
  })

  it("asks for one token to push here and read there", async () => {
    const users = { mover: "mover-secret" }
    const allow = ["mover:quarantine/*:pull,push", "mover:golden/*:pull,push"]
    await withRegistry(
      async (at) => {
        await pushImage(await loggedIn(at, "quarantine/app", "mover", users.mover), "quarantine/app", "1", image)
        const credentials = [{ address: at.address, username: "mover", password: users.mover }]
        const { copy, execs, requireWhole } = world(at, { credentials })
        await copy(image.digest)
        expect(execs()).toEqual([])
        const scopes = (await at.requests()).filter(({ kind }) => kind === "token").map(({ query }) => query)
        expect(scopes.filter((query) => query.includes("golden") && query.includes("quarantine"))).toHaveLength(1)
        await requireWhole(image)
      },
      { users, allow },
    )
  })

  it("is left to oras where the token for the target may not read the source", async () => {
    const users = { reader: "read-secret", writer: "write-secret" }
    const allow = ["reader:quarantine/*:pull,push", "writer:golden/*:pull,push"]
    await withRegistry(
      async (at) => {
        await pushImage(await loggedIn(at, "quarantine/app", "reader", users.reader), "quarantine/app", "1", image)
        const credentials = [
          { address: `${at.address}/quarantine`, username: "reader", password: users.reader },
          { address: `${at.address}/golden`, username: "writer", password: users.writer },
        ]
        const { copy, execs, requireWhole } = world(at, { credentials })
        await copy(image.digest)
        expect(execs()).toEqual(["oras cp"])
        await requireWhole(image)
      },
      { users, allow },
    )
  })
})
