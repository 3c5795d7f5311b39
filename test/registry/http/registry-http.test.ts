// Requests as they are made: redirects, tries, connections, and what is counted.
import { createServer as createProxy } from "node:net"
import { afterEach, describe, expect, it, vi } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { fourAttempts } from "../../support/retries.js"
import { clientOf, type Pretend, pretend, type Reply } from "../pretend-registry.js"

const content = Buffer.from("layer")
const blob = { digest: digestOf(content), size: content.length }
const login = { auth: Buffer.from("me:secret").toString("base64") }
const at = ({ address }: Pick<Pretend, "address">) => ({ registry: address, repository: "team/app" })
const moved = (location: string, status = 307): Reply => ({ status, headers: { location } })

afterEach(() => vi.unstubAllEnvs())

describe("a redirect", () => {
  it("is followed to another origin without the credentials", async () => {
    const storage = await pretend(() => ({ body: content }))
    const server = await pretend(({ authorization }) =>
      authorization === undefined
        ? { status: 401, headers: { "www-authenticate": "Basic" } }
        : moved(`${storage.url}/bucket/x?signature=s3cret`),
    )
    const client = clientOf({ entry: login })
    expect(await client.blob(at(server), blob)).toEqual(content)
    expect(storage.asked.map(({ authorization }) => authorization)).toEqual([undefined])
    expect(storage.asked[0]?.query.get("signature")).toBe("s3cret")
    expect(JSON.stringify(client.exchanges)).not.toContain("s3cret")
  })

  it("keeps the credentials on the registry's own origin", async () => {
    const server = await pretend(({ path, authorization }) =>
      authorization === undefined
        ? { status: 401, headers: { "www-authenticate": "Basic" } }
        : path.startsWith("/v2/")
          ? moved("/elsewhere")
          : { body: content },
    )
    expect(await clientOf({ entry: login }).blob(at(server), blob)).toEqual(content)
    expect(server.asked.at(-1)).toMatchObject({ path: "/elsewhere", authorization: `Basic ${login.auth}` })
  })

  it("ends after five hops", async () => {
    const server = await pretend(({ path }) => moved(`${path}x`))
    await expect(clientOf().blob(at(server), blob)).rejects.toThrow(/^\[REGISTRY_REFUSED\] read the blob /)
    expect(server.asked).toHaveLength(6)
  })

  it.each(["ftp://127.0.0.1/x", "file:///etc/passwd", "http://[", ""])("is not followed to %j", async (location) => {
    const server = await pretend(() => moved(location))
    await expect(clientOf().blob(at(server), blob)).rejects.toThrow(/^\[REGISTRY_REFUSED\] /)
  })

  it.each([404, 410])("to a host that answers %d is no word of the registry's", async (status) => {
    const elsewhere = await pretend(() => ({ status }))
    const server = await pretend(({ path }) => moved(`${elsewhere.url}${path}`))
    const tagged = { ...at(server), tag: "1" }
    await expect(clientOf().manifest(tagged)).rejects.toThrow("REGISTRY_UNAVAILABLE")
    await expect(clientOf().resolve(tagged)).rejects.toThrow("REGISTRY_UNAVAILABLE")
    await expect(clientOf().tags(at(server))).rejects.toThrow("REGISTRY_UNAVAILABLE")
  })

  it("names the storage that refuses, without the signature in its URL", async () => {
    const storage = await pretend(() => ({ status: 403 }))
    const server = await pretend(() => moved(`${storage.url}/bucket?signature=s3cret`))
    const error = (await clientOf()
      .blob(at(server), blob)
      .catch((reason: Error) => reason)) as Error
    expect(error.message).toContain(`(GET ${storage.address}/bucket answered 403)`)
    expect(error.message).not.toContain("s3cret")
  })

  it("of a write is not followed", async () => {
    const server = await pretend(({ method }) => (method === "PUT" ? moved("/other", 308) : {}))
    await expect(
      clientOf().putManifest(
        at(server),
        '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
        "application/vnd.oci.image.index.v1+json",
      ),
    ).rejects.toThrow(/^\[REGISTRY_REFUSED\] push a manifest .*answered 308/)
  })
})

describe("a request that fails", () => {
  const failing = (reply: Reply, times: number) => pretend((_, before) => (before < times ? reply : { body: content }))

  it.each([
    ["503", { status: 503 }],
    ["a cut before the answer", { cut: "before" }],
    ["a cut in the answer", { cut: "within", headers: { "content-length": "5" }, body: "lay" }],
  ] as const)("with %s is tried three times at once", async (_, reply) => {
    const passing = await failing(reply, 2)
    expect(await clientOf().blob(at(passing), blob)).toEqual(content)
    const lasting = await failing(reply, 99)
    await expect(clientOf().blob(at(lasting), blob)).rejects.toThrow(/^\[REGISTRY_/)
    expect(lasting.asked).toHaveLength(3)
  })

  // Somebody who has too much to do is not asked the same twice within a second.
  it("with 429 is left to the caller's policy", async () => {
    const lasting = await failing({ status: 429 }, 99)
    await expect(clientOf().blob(at(lasting), blob)).rejects.toThrow(/^\[REGISTRY_RATE_LIMITED\]/)
    expect(lasting.asked).toHaveLength(1)
  })

  it("is tried again later, four times, as the caller's policy says", async () => {
    const server = await failing({ status: 503 }, 9)
    const retry = fourAttempts()
    expect(await clientOf({ retry }).blob(at(server), blob)).toEqual(content)
    expect(retry.slept).toEqual([5, 10, 20])
  })

  it("is not tried before the registry wants it", async () => {
    const server = await failing({ status: 429, headers: { "retry-after": "60" } }, 1)
    const retry = fourAttempts()
    expect(await clientOf({ retry }).blob(at(server), blob)).toEqual(content)
    expect(retry.slept).toEqual([60])
  })

  it("waits until the date of a Retry-After", async () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    const server = await failing({ status: 503, headers: { "retry-after": date } }, 1)
    const retry = fourAttempts()
    await clientOf({ retry }).blob(at(server), blob)
    expect(retry.slept[0]).toBeGreaterThan(50)
    expect(retry.slept[0]).toBeLessThanOrEqual(61)
  })

  it.each([401, 403, 404, 400])("with %d is not tried again", async (status) => {
    const server = await failing({ status }, 99)
    const retry = fourAttempts()
    await expect(clientOf({ retry }).blob(at(server), blob)).rejects.toThrow(/^\[REGISTRY_/)
    expect([server.asked.length, retry.slept]).toEqual([1, []])
  })

  it("tells that nobody listens", async () => {
    const server = await pretend(() => ({}))
    const [host = "", port = ""] = server.address.split(":")
    const free = `${host}:${Number(port) === 1 ? 2 : 1}`
    await expect(clientOf().resolve({ ...at({ address: free }), tag: "1" })).rejects.toThrow(
      /^\[REGISTRY_UNREACHABLE\] resolve .*\(HEAD 127\.0\.0\.1:\d+\/v2\/team\/app\/manifests\/1 got no answer: ECONNREFUSED\); check the host/,
    )
  })
})

describe("a connection", () => {
  it("goes to the real name of a bound service, under the address that the caller named", async () => {
    const server = await pretend(() => ({ body: content }))
    const address = `registry.bound:${server.address.split(":")[1]}`
    const client = clientOf({ reach: (host) => (host === address ? { plainHttp: true, dial: "localhost" } : {}) })
    vi.stubEnv("http_proxy", "http://127.0.0.1:1")
    expect(await client.blob(at({ address }), blob)).toEqual(content)
    expect(server.asked[0]?.headers.host).toBe(address)
  })

  it("goes through the proxy of the environment, and past it where no_proxy says so", async () => {
    const proxied: string[] = []
    const proxy = await pretend(({ headers, path }) => {
      proxied.push(`${headers.host ?? ""}${path}`)
      return { body: content }
    })
    vi.stubEnv("http_proxy", proxy.url)
    vi.stubEnv("no_proxy", "127.0.0.1")
    const direct = await pretend(() => ({ body: content }))
    expect(await clientOf().blob(at({ address: "registry.example:5000" }), blob)).toEqual(content)
    expect(await clientOf().blob(at(direct), blob)).toEqual(content)
    expect(proxied).toEqual([`registry.example:5000/v2/team/app/blobs/${blob.digest}`])
    expect(direct.asked).toHaveLength(1)
  })

  it("is never plain HTTP to a host that was not said to speak it", async () => {
    const server = await pretend(() => ({ body: content }))
    await expect(clientOf({ reach: () => ({}) }).blob(at(server), blob)).rejects.toThrow(
      /^\[REGISTRY_UNREACHABLE\] .*speaks plain HTTP: bind it by with-registry-service/,
    )
    expect(server.asked).toEqual([])
    const realm = await pretend(() => ({ body: '{"token":"t"}' }))
    const asking = await pretend(() => ({
      status: 401,
      headers: { "www-authenticate": `Bearer realm="${realm.url}/token"` },
    }))
    const reach = (host: string) => (host === asking.address ? { plainHttp: true } : {})
    await expect(clientOf({ reach, entry: login }).blob(at(asking), blob)).rejects.toThrow(
      /^\[REGISTRY_REFUSED\] http:.* is not secure/,
    )
    expect(realm.asked).toEqual([])
  })

  it("that is cut off is named as one", async () => {
    const dead = createProxy((socket) => socket.destroy())
    await new Promise<void>((done) => dead.listen(0, "127.0.0.1", done))
    const address = `127.0.0.1:${(dead.address() as { port: number }).port}`
    await expect(clientOf().resolve({ ...at({ address }), tag: "1" })).rejects.toThrow(/^\[REGISTRY_UNREACHABLE\] /)
    dead.close()
  })
})

describe("requests", () => {
  it("are all told, with their answers: challenges, tokens and redirects too", async () => {
    const server = await pretend(({ path, authorization, headers }) => {
      if (path === "/token") return { body: '{"token":"t"}' }
      if (authorization === undefined)
        return { status: 401, headers: { "www-authenticate": `Bearer realm="http://${headers.host ?? ""}/token"` } }
      return path.startsWith("/v2/") ? moved("/storage") : { body: content }
    })
    const client = clientOf()
    await client.blob(at(server), blob)
    const path = `${server.url}/v2/team/app/blobs/${blob.digest}`
    expect(client.exchanges).toEqual([
      { method: "GET", url: path, status: 401 },
      { method: "GET", url: `${server.url}/token`, status: 200, received: 13 },
      { method: "GET", url: path, status: 307 },
      { method: "GET", url: `${server.url}/storage`, status: 200, received: 5 },
    ])
  })
})
