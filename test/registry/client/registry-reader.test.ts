// Reads, where the registry says little, too much, or the wrong thing.
import { describe, expect, it } from "vitest"
import { type Digest, digestOf } from "../../../core/oci/digest.js"
import { MAX_MANIFEST_BYTES } from "../../../core/oci/manifest.js"
import { clientOf, type Pretend, pretend, type Reply } from "../pretend-registry.js"

const manifest = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}'
const digest = digestOf(manifest)
const other = digestOf("other")
const type = { "content-type": "application/vnd.oci.image.index.v1+json" }
const at = ({ address }: Pretend) => ({ registry: address, repository: "team/app" })

describe("resolve", () => {
  it("takes the digest of the header, by one HEAD that accepts every kind of manifest", async () => {
    const server = await pretend(() => ({ headers: { "docker-content-digest": digest } }))
    expect(await clientOf().resolve({ ...at(server), tag: "1" })).toBe(digest)
    expect(server.asked.map(({ method }) => method)).toEqual(["HEAD"])
    for (const kind of [
      "oci.image.index.v1",
      "oci.image.manifest.v1",
      "docker.distribution.manifest.list.v2",
      "docker.distribution.manifest.v2",
    ])
      expect(server.asked[0]?.headers.accept).toContain(`application/vnd.${kind}+json`)
  })

  it("computes the digest when the registry names none", async () => {
    const server = await pretend(() => ({ headers: type, body: manifest }))
    expect(await clientOf().resolve({ ...at(server), tag: "1" })).toBe(digest)
    expect(await clientOf().resolve({ ...at(server), digest })).toBe(digest)
    expect(server.asked.map(({ method }) => method)).toEqual(["HEAD", "GET", "HEAD"])
  })

  it("is undefined for what is not there", async () => {
    const server = await pretend(() => ({ status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' }))
    expect(await clientOf().resolve({ ...at(server), tag: "1" })).toBeUndefined()
    expect(await clientOf().manifest({ ...at(server), digest })).toBeUndefined()
    expect(await clientOf().referrers({ ...at(server), digest })).toBeUndefined()
    expect(await clientOf().tags(at(server))).toBeUndefined()
    expect(await clientOf().hasBlob(at(server), digest)).toBe(false)
  })

  it("refuses another digest than was asked for", async () => {
    const server = await pretend(() => ({ headers: { "docker-content-digest": other } }))
    await expect(clientOf().resolve({ ...at(server), digest })).rejects.toThrow(/^\[DIGEST_MISMATCH\] /)
  })
})

describe("manifest", () => {
  it.each([
    ["bytes that the digest does not name", { body: manifest.replace("2", "3") }, { digest }],
    [
      "bytes that the header does not name",
      { body: manifest, headers: { "docker-content-digest": other } },
      { tag: "1" },
    ],
    [
      "a header that the digest does not name",
      { body: manifest, headers: { "docker-content-digest": other } },
      { digest },
    ],
  ] as const)("refuses %s", async (_, reply, reference) => {
    const server = await pretend(() => reply)
    await expect(clientOf().manifest({ ...at(server), ...reference })).rejects.toThrow(
      /^\[DIGEST_MISMATCH\] .*expected sha256:.*do not use this registry/,
    )
  })

  it("is read by tag without a digest header", async () => {
    const server = await pretend(() => ({ body: manifest }))
    expect(await clientOf().manifest({ ...at(server), tag: "1" })).toBe(manifest)
  })

  it("is not read beyond its limit, also when nobody says how long it is", async () => {
    const server = await pretend(() => ({ body: Buffer.alloc(MAX_MANIFEST_BYTES + 1, " ") }))
    await expect(clientOf().manifest({ ...at(server), tag: "1" })).rejects.toThrow(
      /^\[LIMIT_EXCEEDED\] read the manifest of/,
    )
  })
})

describe("blob", () => {
  const content = Buffer.from("content")
  const described = { digest: digestOf(content), size: content.length }

  it("is what digest and size say", async () => {
    const server = await pretend(() => ({ body: content }))
    expect(await clientOf().blob(at(server), described)).toEqual(content)
    await expect(clientOf().blob(at(server), { digest: other, size: 7 })).rejects.toThrow(/^\[DIGEST_MISMATCH\] /)
    await expect(clientOf().blob(at(server), { ...described, size: 8 })).rejects.toThrow(
      /^\[DIGEST_MISMATCH\] .*8 bytes/,
    )
    await expect(clientOf().blob(at(server), { ...described, size: 6 })).rejects.toThrow(
      /^\[LIMIT_EXCEEDED\] .*6 bytes/,
    )
  })

  it("that is not there is an error", async () => {
    const server = await pretend(() => ({ status: 404 }))
    await expect(clientOf().blob(at(server), described)).rejects.toThrow(/^\[REGISTRY_NOT_FOUND\] read the blob /)
  })
})

describe("what has a digest", () => {
  const content = Buffer.from("content")
  const blob = { digest: digestOf(content), size: content.length }
  const both = (): Promise<Pretend> =>
    pretend(({ path }) => (path.includes("/blobs/") ? { body: content } : { headers: type, body: manifest }))

  it("is fetched once, one after the other and at the same time", async () => {
    const server = await both()
    const client = clientOf()
    const read = () => [client.manifest({ ...at(server), digest }), client.blob(at(server), blob)]
    await Promise.all([...read(), ...read()])
    await Promise.all(read())
    expect(server.asked.map(({ path }) => path).sort()).toEqual([
      `/v2/team/app/blobs/${blob.digest}`,
      `/v2/team/app/manifests/${digest}`,
    ])
  })

  it("is fetched from each repository, and again by another client", async () => {
    const server = await both()
    const client = clientOf()
    await client.blob(at(server), blob)
    await client.blob({ ...at(server), repository: "team/other" }, blob)
    await clientOf().blob(at(server), blob)
    expect(server.asked).toHaveLength(3)
  })

  it("is asked for again when it failed or was not there", async () => {
    const server = await pretend((_, before) =>
      before < 1 ? { status: 404 } : before < 2 ? { status: 403 } : { headers: type, body: manifest },
    )
    const client = clientOf()
    expect(await client.manifest({ ...at(server), digest })).toBeUndefined()
    await expect(client.manifest({ ...at(server), digest })).rejects.toThrow(/UNAUTHORIZED/)
    expect(await client.manifest({ ...at(server), digest })).toBe(manifest)
  })

  it("is kept as long as nobody removes it; tags and listings are always read anew", async () => {
    let isThere = true
    const server = await pretend(({ method, path }): Reply => {
      if (method === "DELETE") isThere = false
      if (path.endsWith("/tags/list")) return { body: '{"tags":["1"]}' }
      return isThere ? { status: method === "DELETE" ? 202 : 200, headers: type, body: manifest } : { status: 404 }
    })
    const client = clientOf()
    for (let i = 0; i < 2; i++) {
      expect(await client.manifest({ ...at(server), tag: "1" })).toBe(manifest)
      expect(await client.tags(at(server))).toEqual(["1"])
    }
    expect(server.asked).toHaveLength(4)
    await client.manifest({ ...at(server), digest })
    await client.remove({ ...at(server), digest })
    expect(await client.manifest({ ...at(server), digest })).toBeUndefined()
  })
})

describe("tags", () => {
  const page = (tags: readonly string[] | null, next?: string): Reply => ({
    body: JSON.stringify({ name: "team/app", tags }),
    headers: next === undefined ? {} : { link: `<${next}>; rel="next"` },
  })

  it("are read page by page", async () => {
    const server = await pretend(({ query }) =>
      query.get("last") === "2" ? page(["3"]) : page(["1", "2"], "/v2/team/app/tags/list?n=2&last=2"),
    )
    expect(await clientOf().tags(at(server))).toEqual(["1", "2", "3"])
  })

  it("are none where the registry says null", async () => {
    expect(await clientOf().tags(at(await pretend(() => page(null))))).toEqual([])
  })

  it.each([
    ["pages in a circle", () => page(["1"], "/v2/team/app/tags/list?last=1"), /REGISTRY_REFUSED.*circle/],
    ["a page elsewhere", () => page(["1"], "http://127.0.0.2:1/v2/x/tags/list"), /REGISTRY_REFUSED.*another registry/],
    ["what is no tag", () => page(["1", "a\nb"]), /REGISTRY_REFUSED.*expected a tag/],
    ["what is no list", () => ({ body: "<html>" }), /REGISTRY_REFUSED.*not JSON/],
  ])("are refused with %s", async (_, reply, message) => {
    await expect(clientOf().tags(at(await pretend(reply)))).rejects.toThrow(message)
  })

  it("that end in the middle are an error, not a shorter list and not a missing repository", async () => {
    const server = await pretend((_, before) =>
      before === 0 ? page(["1"], "/v2/team/app/tags/list?last=1") : { status: 404 },
    )
    await expect(clientOf().tags(at(server))).rejects.toThrow(/^\[REGISTRY_REFUSED\] list the tags of .*a page that/)
  })

  it("have a limit of pages", async () => {
    const server = await pretend((_, before) => page([`t${before}`], `/v2/team/app/tags/list?last=${before}`))
    await expect(clientOf().tags(at(server))).rejects.toThrow(/^\[LIMIT_EXCEEDED\] .*more than 2000 pages/)
  }, 60_000)
})

describe("a digest of another algorithm", () => {
  it("is checked by what it names", async () => {
    const { createHash } = await import("node:crypto")
    const long = `sha512:${createHash("sha512").update(manifest).digest("hex")}` as Digest
    const server = await pretend(() => ({ headers: { ...type, "docker-content-digest": digest }, body: manifest }))
    expect(await clientOf().manifest({ ...at(server), digest: long })).toBe(manifest)
    expect(await clientOf().resolve({ ...at(server), digest: long })).toBe(long)
  })
})
