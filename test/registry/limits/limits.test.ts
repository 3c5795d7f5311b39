// How fast and how much at once a server of this machine is asked, by what it sees.
import { describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { parseReference } from "../../../core/oci/reference.js"
import { Pace } from "../../../registry/limits/pace.js"
import { fourAttempts } from "../../support/retries.js"
import { clientOf, listening, pretend } from "../pretend-registry.js"

/** A server that takes so many milliseconds for an answer, and knows how many it was asked at once and when. */
async function busy(milliseconds = 20) {
  const seen = { now: 0, most: 0, times: [] as number[] }
  const address = await listening((request, response) => {
    seen.times.push(performance.now())
    seen.most = Math.max(seen.most, ++seen.now)
    setTimeout(() => {
      seen.now--
      response.setHeader("docker-content-digest", digestOf(request.url ?? ""))
      response.end()
    }, milliseconds)
  })
  return { address, seen }
}

const tags = (address: string, count: number) =>
  Array.from({ length: count }, (_, at) => parseReference(`${address}/app:${at}`))

describe("the limits of a registry", () => {
  it("bound how much it is asked at once", async () => {
    const { address, seen } = await busy()
    const client = clientOf({ limits: [{ name: address, concurrency: 2 }] })
    await Promise.all(tags(address, 9).map((tag) => client.resolve(tag)))
    expect(seen.most).toBe(2)
  })

  it("are 32 at once when nobody gave them", async () => {
    // Long enough for so many connections to be made, on a busy machine too.
    const { address, seen } = await busy(500)
    const client = clientOf({ limits: [{ name: "127.0.0.1:1", concurrency: 1 }] })
    await Promise.all(tags(address, 80).map((tag) => client.resolve(tag)))
    expect(seen.most).toBe(32)
  })

  it("space requests in time", async () => {
    const { address, seen } = await busy()
    const client = clientOf({ limits: [{ name: address, requestsPerSecond: 50 }] })
    await Promise.all(tags(address, 6).map((tag) => client.resolve(tag)))
    const [first = 0] = seen.times
    expect((seen.times.at(-1) ?? 0) - first).toBeGreaterThan(90)
  })

  it("do not stop a token from being fetched of the registry itself, one at a time", async () => {
    const server = await pretend(({ path, authorization, headers }) => {
      if (path === "/token") return { body: '{"token":"t"}' }
      if (authorization === undefined)
        return { status: 401, headers: { "www-authenticate": `Bearer realm="http://${headers.host ?? ""}/token"` } }
      return { headers: { "docker-content-digest": digestOf("x") } }
    })
    const client = clientOf({ limits: [{ name: server.address, concurrency: 1 }] })
    await Promise.all(tags(server.address, 3).map((tag) => client.resolve(tag)))
    expect(server.asked.length).toBeGreaterThan(3)
  })

  it("hold two tools that want the same two registries in one order", async () => {
    const pace = new Pace([
      { name: "a.example", concurrency: 1 },
      { name: "b.example", concurrency: 1 },
    ])
    const order: string[] = []
    const one = (name: string, hosts: string[]) => pace.places(hosts, async () => void order.push(name))
    await Promise.all([one("there", ["a.example", "b.example"]), one("back", ["b.example", "a.example:443"])])
    expect(order).toEqual(["there", "back"])
  })
})

describe("a registry that asks to wait", () => {
  it("is asked by nobody until then", async () => {
    let free = false
    const server = await pretend((_, before) =>
      before === 0
        ? { status: 429, headers: { "retry-after": "7" } }
        : { status: free ? 200 : 418, headers: { "docker-content-digest": digestOf("x") } },
    )
    const sleep = async () => {
      await new Promise((done) => setTimeout(done, 100))
      free = true
    }
    const client = clientOf({ retry: { ...fourAttempts(), sleep } })
    const [first, second] = tags(server.address, 2)
    if (first === undefined || second === undefined) throw new Error("two tags")
    const resolved = client.resolve(first)
    while (client.retries.size === 0) await new Promise((done) => setTimeout(done, 5))
    await Promise.all([client.resolve(second), resolved])
    expect(server.asked.map(({ path }) => path.at(-1))).toHaveLength(3)
    expect([...client.retries]).toEqual([[server.address, 1]])
  })
})
