// What can go wrong: a feed that never ends, a bomb, a redirect to elsewhere, a password in an error, a page that says
// "busy" taken for a feed.
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { fetchFeed } from "../../../registry/rest/feed.js"
import { serve } from "../../rest/loopback.js"

const retry = { delays: [0, 0], sleep: () => Promise.resolve() }
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable("the feed was read"),
    (error: unknown) => error as Error & { code: string },
  )

describe("fetchFeed", () => {
  it("returns the text, and a source without query", async () => {
    const { url, asked } = await serve({ body: "cve,epss\n" })
    expect(await fetchFeed(`${url}/epss.csv?key=s3cr3t#x`, { retry })).toEqual({
      text: "cve,epss\n",
      source: `${url}/epss.csv`,
    })
    expect(asked).toMatchObject([{ method: "GET", path: "/epss.csv?key=s3cr3t", authorization: undefined }])
  })

  it("unpacks a file, and a file that the server packed once more", async () => {
    const packed = gzipSync("rows\n")
    for (const body of [packed, gzipSync(packed)]) {
      const { url } = await serve({ headers: { "content-encoding": "gzip" }, body })
      expect((await fetchFeed(`${url}/epss.csv.gz`, { retry })).text).toBe("rows\n")
    }
  })

  it("logs in where the address says so, and shows the password nowhere", async () => {
    const { url, asked } = await serve({ status: 401, body: "no user:pa:ss word" })
    const address = `${url.replace("http://", "http://user:pa%3Ass%20word@")}/kev.json?token=qu3ry`
    const error = await failure(fetchFeed(address, { retry }))
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from("user:pa:ss word").toString("base64")}`)
    expect(error.code).toBe("RISK_FEED_UNAVAILABLE")
    expect(error.message).toContain("answered 401")
    expect(error.message).not.toMatch(/pa(:|%3A)ss|qu3ry/)
  })

  it("tries again when the server is busy, and gives up in the end", async () => {
    const busy = await serve({ status: 503 }, { status: 429 }, { body: "ok" })
    expect((await fetchFeed(busy.url, { retry })).text).toBe("ok")
    const down = await serve({ status: 503, body: "<html>sorry</html>" })
    const error = await failure(fetchFeed(down.url, { retry }))
    expect(error).toMatchObject({ code: "RISK_FEED_UNAVAILABLE" })
    expect(down.asked).toHaveLength(3)
  })

  it("follows a redirect on its origin, and none to elsewhere", async () => {
    const here = await serve({ status: 302, headers: { location: "/epss-2026.csv" } }, { body: "rows" })
    expect((await fetchFeed(`${here.url}/epss-current.csv`, { retry })).text).toBe("rows")
    const other = await serve({ body: "planted" })
    const away = await serve({ status: 302, headers: { location: other.url } })
    expect((await failure(fetchFeed(away.url, { retry }))).code).toBe("RISK_FEED_UNAVAILABLE")
    expect(other.asked).toEqual([])
    const round = await serve({ status: 302, headers: { location: "/again" } })
    expect((await failure(fetchFeed(round.url, { retry }))).message).toContain("redirects")
  })

  it.each<[string, Buffer | string]>([
    ["as it comes", "x".repeat(2000)],
    ["when it is unpacked", gzipSync("x".repeat(2000))],
  ])("stops at its limit %s", async (_, body) => {
    const { url } = await serve({ body })
    expect((await failure(fetchFeed(url, { retry, maxBytes: 1000 }))).code).toBe("LIMIT_EXCEEDED")
  })

  it.each<[string, Buffer]>([
    ["gzip that is cut short", gzipSync("rows\n".repeat(100)).subarray(0, 25)],
    ["bytes that are no text", Buffer.from([0x80, 0xff, 0xfe])],
  ])("refuses %s", async (_, body) => {
    const { url } = await serve({ body })
    expect((await failure(fetchFeed(url, { retry }))).code).toBe("RISK_FEED_UNAVAILABLE")
  })

  it("stops waiting for a server that does not answer", async () => {
    const { url, asked } = await serve({ hang: true })
    const error = await failure(fetchFeed(url, { retry: { ...retry, delays: [0] }, timeoutMs: 100 }))
    expect(error.code).toBe("RISK_FEED_UNAVAILABLE")
    expect(asked).toHaveLength(2)
  })

  it.each(["http://feeds.example.com/kev.json", "ftp://feeds.example.com/kev.json", "kev.json", ""])(
    "refuses the address %j",
    async (address) => {
      expect((await failure(fetchFeed(address, { retry }))).code).toBe("ARGUMENT_INVALID")
    },
  )
})
