// The wall clock jumps in the middle of a call, days ahead and back, as it does when a machine wakes up or is set: what is
// waited for is measured by the monotonic clock, so nothing ends early, waits for ever or comes as a flood.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { parseReference } from "../../../core/oci/reference.js"
import { fourAttempts } from "../../support/retries.js"
import { clientOf, pretend, type Question, type Reply } from "../pretend-registry.js"

const day = 24 * 60 * 60 * 1000
const start = Date.now()
const jumps = [-10, 0, 10, -5, 5]

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const tag = (address: string, name: number) => parseReference(`${address}/app:${name}`)
const found: Reply = { headers: { "docker-content-digest": digestOf("x") } }
/** Jumps with every answer. */
const jumping = (reply: (question: Question, before: number) => Reply) =>
  pretend((question, before) => {
    vi.setSystemTime(start + (jumps[before % jumps.length] ?? 0) * day)
    return reply(question, before)
  })

describe("a clock that jumps with every answer", () => {
  it("changes nothing in the pace of requests", async () => {
    const server = await jumping(() => found)
    const client = clientOf({ limits: [{ name: server.address, requestsPerSecond: 50 }] })
    const began = performance.now()
    for (let name = 0; name < 6; name++) await client.resolve(tag(server.address, name))
    expect(performance.now() - began).toBeGreaterThan(90)
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(server.asked).toHaveLength(6)
  })

  it("neither ends a token early nor keeps it for days", async () => {
    const server = await jumping(({ path, authorization, headers }) => {
      if (path === "/token") return { body: '{"token":"t","expires_in":300}' }
      if (authorization !== undefined) return found
      return { status: 401, headers: { "www-authenticate": `Bearer realm="http://${headers.host ?? ""}/token"` } }
    })
    const client = clientOf()
    for (let name = 0; name < 4; name++) await client.resolve(tag(server.address, name))
    expect(server.asked.filter(({ path }) => path === "/token")).toHaveLength(1)
  })

  it("waits as long as the registry asked for, by the registry's own clock", async () => {
    const at = Date.parse("2001-01-01T00:00:00Z")
    const date = (seconds: number) => new Date(at + seconds * 1000).toUTCString()
    const later = { status: 503, headers: { date: date(0), "retry-after": date(60) } }
    const server = await jumping((_, before) => (before === 0 ? later : found))
    const retry = fourAttempts()
    expect(await clientOf({ retry }).resolve(tag(server.address, 1))).toBe(digestOf("x"))
    expect(retry.slept).toEqual([60])
  })

  it("waits a short window of a quota, and no longer", async () => {
    const manifest = "{}"
    const headers = { "docker-content-digest": digestOf(manifest), "ratelimit-remaining": "1;w=1" }
    const server = await jumping(() => ({ headers, body: manifest }))
    const client = clientOf()
    await client.resolve(tag(server.address, 0))
    const began = performance.now()
    await client.manifest(tag(server.address, 1))
    expect(performance.now() - began).toBeGreaterThan(900)
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})
