// The registry client on real registries, with and without the referrers API, beside what oras reads and writes there.
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { digestOf, parseDigest } from "../../core/oci/digest.js"
import { flattenReferrers, parseDiscovery } from "../../core/oci/referrers.js"
import { RegistryClient } from "../../registry/client/registry-client.js"
import { anImage } from "../support/build-image.js"
import { aReferrer } from "../support/build-referrer.js"
import { clientAccess } from "../support/host-access.js"
import { hostTools } from "../support/parts.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { type RegistryOptions, startRegistry, type TestRegistry } from "../support/registry.js"
import { noRetry } from "../support/retries.js"
import { aRepository, kinds, nth } from "./mirror-world.js"

const run = promisify(execFile)
const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: ["a", "b"], sbom: "cyclonedx" })
const users = { writer: "write-secret" }
const note = {
  artifactType: "application/vnd.example.note",
  fileName: "note.txt",
  mediaType: "text/plain",
  content: "note",
  annotations: { "com.example.key": "value" },
}

const ways: [string, RegistryOptions][] = [
  ["plain HTTP", {}],
  ["TLS and a login", { tlsNames: ["127.0.0.1"], users }],
]

describe.each(kinds.flatMap((kind) => ways.map((way) => [kind, ...way] as const)))(
  "the client on %s over %s",
  (kind, _, options) => {
    let at: TestRegistry
    let seed: TestRegistry
    let client: RegistryClient
    beforeAll(async () => {
      ;[at, seed] = await Promise.all([startRegistry(kind, options), startRegistry("api")])
      await pushImage(seed.url, "app", "1", image)
    })
    afterEach(() => at.clearFaults())
    afterAll(() => Promise.all([at.stop(), seed.stop()]))

    const access = () => ({
      ...(options.users && { credentials: [{ address: at.address, username: "writer", password: users.writer }] }),
      ...(at.certificate && { certificates: { [at.address]: at.certificate } }),
    })
    const login = () => (options.users ? ["--username", "writer", "--password", users.writer] : [])
    const reach = () => (at.certificate ? ["--ca-file", at.certificate] : ["--plain-http"])
    const oras = async (...words: string[]) =>
      (await run((await hostTools()).oras, [...words, ...reach(), ...login()])).stdout

    /** An image of which a client of its own knows nothing yet. */
    async function pushed() {
      client = new RegistryClient(clientAccess(access()), noRetry)
      const repository = { registry: at.address, repository: aRepository() }
      const name = `${repository.registry}/${repository.repository}`
      const to = [...reach(), ...login()].map((word) => word.replace(/^--/, "--to-"))
      const words = ["cp", "-r", "--no-tty", "--from-plain-http", `${seed.address}/app:1`, `${name}:1`, ...to]
      await run((await hostTools()).oras, words)
      const digest = parseDigest(image.digest)
      return { ...repository, digest, name, pinned: `${name}@${digest}` }
    }

    it("writes what oras reads, byte by byte", async () => {
      const { pinned, name, digest } = await pushed()
      expect(await oras("manifest", "fetch", `${name}:1`)).toBe(image.root.bytes.toString())
      expect(await oras("resolve", `${name}:1`)).toContain(digest)
      const attached = await client.attach({ ...(await subjectOf(name)), digest }, note)
      const listed = parseDiscovery(await oras("discover", "--format", "json", pinned), digest)
      expect(flattenReferrers(listed).map(({ digest: one }) => one)).toContain(attached)
      const manifest = JSON.parse(await oras("manifest", "fetch", `${name}@${attached}`))
      expect(await oras("blob", "fetch", "--output", "-", `${name}@${manifest.layers[0].digest}`)).toBe("note")
    })

    it("lists what oras lists, nested", async () => {
      const { pinned, name, digest } = await pushed()
      const subject = await subjectOf(name)
      const first = await client.attach({ ...subject, digest }, note)
      const second = await client.attach({ ...subject, digest: first }, { ...note, content: "a note on a note" })
      const expected = parseDiscovery(await oras("discover", "--format", "json", pinned), digest)
      const found = await client.referrers({ ...subject, digest })
      expect(found).toEqual(expected)
      expect(flattenReferrers(expected).map((one) => [one.subject, one.digest])).toEqual([
        [digest, first],
        [first, second],
      ])
    })

    it("reads tags, manifests and blobs, and tells what is not there", async () => {
      const { digest, name } = await pushed()
      const repository = await subjectOf(name)
      const blob = nth(nth(image.platforms, 0).manifest.blobs, 0)
      expect(await client.resolve({ ...repository, tag: "1" })).toBe(digest)
      expect(await client.manifest({ ...repository, tag: "1" })).toBe(image.root.bytes.toString())
      expect(
        await client.blob(repository, { ...blob.descriptor, digest: parseDigest(blob.descriptor.digest) }),
      ).toEqual(blob.bytes)
      expect(await client.hasBlob(repository, parseDigest(blob.descriptor.digest))).toBe(true)
      expect(await client.hasBlob(repository, digestOf("other"))).toBe(false)
      expect(await client.tags(repository)).toEqual(expect.arrayContaining(["1"]))
      expect(await client.resolve({ ...repository, tag: "none" })).toBeUndefined()
      expect(await client.manifest({ ...repository, digest: digestOf("other") })).toBeUndefined()
      expect(await client.referrers({ ...repository, digest: digestOf("other") })).toBeUndefined()
      const elsewhere = { registry: at.address, repository: "no/such/repository" }
      expect(await client.tags(elsewhere)).toBeUndefined()
    })

    it("tags and deletes, and takes what it deleted off its subject's list", async () => {
      const { digest, name } = await pushed()
      const repository = await subjectOf(name)
      await client.tag({ ...repository, digest }, "2")
      expect(await client.resolve({ ...repository, tag: "2" })).toBe(digest)
      const [kept, gone] = [
        await client.attach({ ...repository, digest }, note),
        await client.attach({ ...repository, digest }, note),
      ]
      await client.remove({ ...repository, digest: gone })
      expect(await client.resolve({ ...repository, digest: gone })).toBeUndefined()
      const listed = (await client.referrers({ ...repository, digest }))?.referrers.map((one) => one.digest)
      expect(listed).toEqual([kept])
      await client.remove({ ...repository, digest: gone })
    })

    it("counts what the registry counts", async () => {
      const { digest, name } = await pushed()
      const repository = await subjectOf(name)
      client = new RegistryClient(clientAccess(access()), noRetry)
      await at.resetRequests()
      await client.referrers({ ...repository, digest })
      await client.attach({ ...repository, digest }, note)
      await client.remove({ ...repository, digest: parseDigest(nth(image.referrers, 0).descriptor.digest) })
      const seen = (await at.requests()).map(({ method, path, status }) => [method, path, status])
      const told = client.exchanges.map(({ method, url, status }) => [method, new URL(url).pathname, status])
      expect(told.map(String).sort()).toEqual(seen.map(String).sort())
    })

    const subjectOf = (name: string) => {
      const [registry = "", ...path] = name.split("/")
      return Promise.resolve({ registry, repository: path.join("/") })
    }
  },
)

describe("a list with a charset", () => {
  it("is believed, so that nothing that is attached goes unread", async () => {
    const at = await startRegistry("api")
    try {
      await pushImage(at.url, "app", "1", image)
      const lifecycle = aReferrer(image.root.descriptor, {
        artifactType: "application/vnd.microsoft.artifact.lifecycle",
      })
      await attachReferrer(at.url, "app", lifecycle)
      const subject = { registry: at.address, repository: "app", digest: parseDigest(image.digest) }
      const body = JSON.stringify({
        schemaVersion: 2,
        manifests: [{ ...lifecycle.descriptor, artifactType: "application/vnd.microsoft.artifact.lifecycle" }],
      })
      const headers = { "Content-Type": "application/vnd.oci.image.index.v1+json; charset=utf-8" }
      await at.fault({ status: 200, headers, body, match: { pathRegex: `/referrers/${image.digest}$` } })
      const found = await new RegistryClient(clientAccess(), noRetry).referrers(subject)
      expect(found?.referrers.map(({ digest }) => digest)).toEqual([lifecycle.descriptor.digest])
    } finally {
      await at.stop()
    }
  })
})
