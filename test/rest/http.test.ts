import { describe, expect, it } from "vitest"
import { httpClient, type HttpOptions } from "../../rest/http.js"
import { serve } from "./loopback.js"

const token = "ghp_secret/token+1"

function client(baseUrl: string, options: Partial<HttpOptions> = {}) {
  const waits: number[] = []
  const sleep = (milliseconds: number) => Promise.resolve(waits.push(milliseconds))
  const retry = { delays: [5, 10, 20], sleep, now: () => Date.parse("2026-11-21T09:00:00Z"), ...options.retry }
  return { ...httpClient({ baseUrl, token: () => token, ...options, retry }), waits }
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable("the request succeeded"),
    (error: unknown) => error as Error & { code: string; status?: number },
  )

describe("httpClient", () => {
  it("sends the token and returns parsed JSON", async () => {
    const { url, asked } = await serve({ body: { ok: true } })
    const answer = await client(`${url}/api/v3/`).request("GET", "users/acme")
    expect(answer).toMatchObject({ status: 200, body: { ok: true } })
    expect(asked[0]).toMatchObject({ method: "GET", path: "/api/v3/users/acme", authorization: `Bearer ${token}` })
  })

  it("keeps an encoded slash in a path", async () => {
    const { url, asked } = await serve({ body: [] })
    await client(url).request("GET", "container/quarantine%2Fnginx/versions?per_page=100")
    expect(asked[0]?.path).toBe("/container/quarantine%2Fnginx/versions?per_page=100")
  })

  it.each([429, 500, 502, 503, 504])("tries again after %i, with the planned delays", async (status) => {
    const { url, asked } = await serve({ status }, { status }, { status }, { body: "done" })
    const http = client(url)
    await http.request("GET", "x")
    expect(http.waits).toEqual([5, 10, 20])
    expect(asked).toHaveLength(4)
  })

  it.each([400, 401, 403, 404, 405, 409, 422, 501])("does not try again after %i", async (status) => {
    const { url, asked } = await serve({ status })
    expect((await failure(client(url).request("GET", "x"))).status).toBe(status)
    expect(asked).toHaveLength(1)
  })

  it("gives up after four attempts and says so", async () => {
    const { url, asked } = await serve({ status: 503, body: { message: "try later" } })
    const error = await failure(client(url).request("GET", "things/1?page=2"))
    expect(error.message).toMatch(/^\[REGISTRY_UNAVAILABLE] GET .*\/things\/1 answered 503 "try later" \(4 attempts\)$/)
    expect(asked).toHaveLength(4)
  })

  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "Sat, 21 Nov 2026 09:00:30 GMT" }, 30_000],
    [{ "retry-after": "Sat, 21 Nov 2026 08:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, 5],
    [{}, 5],
  ])("waits as %j asks", async (headers, wait) => {
    const { url } = await serve({ status: 429, headers }, { body: {} })
    const http = client(url)
    await http.request("GET", "x")
    expect(http.waits).toEqual([wait])
  })

  it("does not wait longer than a minute, but names the time", async () => {
    const { url, asked } = await serve({ status: 429, headers: { "retry-after": "3600" } })
    const error = await failure(client(url).request("GET", "x"))
    expect(error.message).toMatch(/^\[REGISTRY_RATE_LIMITED].*asks to wait 3600 s/)
    expect(asked).toHaveLength(1)
  })

  it("tells a rate limit behind a 403 from a missing right", async () => {
    const reset = String(Date.parse("2026-11-21T09:00:10Z") / 1000)
    const limited = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }
    const { url } = await serve({ status: 403, headers: limited }, { body: {} })
    const http = client(url)
    await http.request("GET", "x")
    expect(http.waits).toEqual([10_000])
    const { url: other } = await serve({ status: 403, headers: { "x-ratelimit-remaining": "58" } })
    expect((await failure(client(other).request("GET", "x"))).code).toBe("REGISTRY_UNAUTHORIZED")
  })

  it("tries a broken connection again, then names it", async () => {
    const http = client("http://127.0.0.1:1")
    const error = await failure(http.request("DELETE", "versions/7"))
    expect(error.message).toMatch(
      /^\[REGISTRY_UNREACHABLE] DELETE 127.0.0.1:1\/versions\/7 got no answer: .*4 attempts/,
    )
    expect(http.waits).toEqual([5, 10, 20])
  })

  it("ends a request that hangs", async () => {
    const { url } = await serve({ hang: true })
    const error = await failure(client(url, { timeoutMs: 50, retry: { delays: [] } }).request("GET", "x"))
    expect(error.code).toBe("REGISTRY_UNREACHABLE")
  })

  it("refuses an answer above the size limit", async () => {
    const { url } = await serve({ body: "x".repeat(2000) })
    expect((await failure(client(url, { maxBodyBytes: 1000 }).request("GET", "x"))).code).toBe("LIMIT_EXCEEDED")
  })

  it("follows a redirect on its own origin, and only for GET", async () => {
    const { url, asked } = await serve({ status: 301, headers: { location: "/new" } }, { body: { ok: true } })
    expect((await client(url).request("GET", "old")).body).toEqual({ ok: true })
    expect(asked.map(({ path }) => path)).toEqual(["/old", "/new"])
    const { url: other, asked: deletes } = await serve({ status: 307, headers: { location: "/new" } })
    expect((await failure(client(other).request("DELETE", "old"))).status).toBe(307)
    expect(deletes).toHaveLength(1)
  })

  it("ends a redirect loop", async () => {
    const { url } = await serve({ status: 302, headers: { location: "/again" } })
    expect((await failure(client(url).request("GET", "x"))).message).toContain("more than 3 redirects")
  })

  it.each(["redirect", "link"])("takes the token to no other host by a %s", async (way) => {
    const thief = await serve({ body: {} })
    const { url } = await serve({ status: 302, headers: { location: `${thief.url}/steal` } })
    const request = way === "link" ? client(url).request("GET", `${thief.url}/p`) : client(url).request("GET", "x")
    expect((await failure(request)).message).toMatch(/REGISTRY_REFUSED.*not taken to another host/)
    expect(thief.asked).toEqual([])
  })

  it.each(["//evil.example/x", "http://[", "ftp://127.0.0.1/x", "https://user:pw@127.0.0.1/"])(
    "refuses the target %s",
    async (target) => {
      const { url, asked } = await serve({ body: {} })
      expect((await failure(client(url).request("GET", target))).code).toBe("REGISTRY_REFUSED")
      expect(asked).toEqual([])
    },
  )

  it.each([
    "http://api.example.com",
    "ftp://127.0.0.1",
    "https://user:pw@api.example.com",
    "nonsense",
    "https://a/?t=1",
  ])("refuses the base URL %s", (baseUrl) => {
    expect(() => httpClient({ baseUrl })).toThrow("[ARGUMENT_INVALID]")
  })

  it("shows a secret in no form that a server echoes, and the message in one short line", async () => {
    const secret = "hub password!"
    const forms = [token, encodeURIComponent(token), Buffer.from(token).toString("base64"), secret]
    const message = `${forms.join("\n")} \u001b[31m${"x".repeat(290)}${token}`
    const { url } = await serve({ status: 400, body: { message } })
    const error = await failure(client(url, { secrets: [secret] }).request("GET", "x"))
    for (const form of forms) expect(`${error.stack ?? ""}${JSON.stringify(error)}`).not.toContain(form)
    expect(error.message).toContain("[redacted]")
    expect(error.message).not.toMatch(/ghp_|\p{Cc}/u)
    expect(error.message.length).toBeLessThan(400)
  })

  it("names a refusal without JSON by its status alone", async () => {
    const { url } = await serve({ status: 405, body: "<html>no</html>" })
    expect((await failure(client(url).request("DELETE", "x"))).message).toMatch(/DELETE .*\/x answered 405$/)
  })
})
