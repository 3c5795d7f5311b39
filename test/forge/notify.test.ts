// Delivery: the address is a secret, the signature is that of Standard Webhooks, and one failure hides no other.
import { Webhook } from "standardwebhooks"
import { describe, expect, it } from "vitest"
import { eventOf } from "../../core/events/cloud-event.js"
import { signed, tellAll } from "../../dagger/calls/forge/notify.js"
import { deliver } from "../../forge/notify/deliver.js"
import { postEvents } from "../../forge/notify/post-events.js"
import { readKey, signatureHeaders } from "../../forge/notify/signature.js"
import { serve } from "../rest/loopback.js"

const key = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`
const path = "/services/T0SECRETTEAM/B0SECRETBOT/XsecretTokenX?sig=alsoSecret"
const retry = { delays: [1, 1], sleep: () => Promise.resolve() }
const message = { schema: "https://cssc.dev/notification/v1", title: "1 blocked — ü" }

describe("a delivery", () => {
  it("posts what was given, to the whole address", async () => {
    const { url, asked } = await serve({ body: "ok" })
    await deliver({ name: "Slack", url: `${url}${path}`, body: message, retry })
    expect(asked).toMatchObject([{ method: "POST", path }])
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual(message)
  })

  it("is tried again as the receiver asks", async () => {
    const { url, asked } = await serve(
      { status: 429, headers: { "retry-after": "1" } },
      { status: 503 },
      { body: "ok" },
    )
    await deliver({ name: "Slack", url: `${url}${path}`, body: message, retry })
    expect(asked).toHaveLength(3)
  })

  it.each([403, 404, 410, 500])(
    "that fails with %i shows no part of the address, also where it is echoed",
    async (status) => {
      const echo = { message: `no such hook ${path} XsecretTokenX alsoSecret` }
      const { url } = await serve(...[1, 2, 3].map(() => ({ status, body: echo })))
      const error = String(await deliver({ name: "Slack", url: `${url}${path}`, body: message, retry }).catch(String))
      expect(error).toMatch(new RegExp(`^CsscError: \\[DELIVERY_FAILED] Slack: POST \\[redacted] answered ${status}`))
      expect(error).not.toMatch(/SECRET|secret|127\.0\.0\.1/)
    },
  )

  it("that nobody answers shows no part of the address", async () => {
    const error = String(
      await deliver({ name: "Teams", url: `http://127.0.0.1:1${path}`, body: 1, retry }).catch(String),
    )
    expect(error).toMatch(/DELIVERY_FAILED] Teams: POST \[redacted]/)
    expect(error).not.toMatch(/SECRET|secret|127\.0\.0\.1/)
  })

  it.each(["", "hooks.example/x", "http://hooks.example/secret", "https://user:secret@hooks.example/x", "file:///x"])(
    "to %j is refused without being quoted",
    async (url) => {
      const error = String(await deliver({ name: "Slack", url, body: 1, retry }).catch(String))
      expect(error).toMatch(/ARGUMENT_INVALID|DELIVERY_FAILED/)
      expect(error).not.toContain("secret")
    },
  )

  it("is not taken elsewhere by a redirect", async () => {
    const { url, asked } = await serve({ status: 302, headers: { location: "https://evil.example/" } })
    await expect(deliver({ name: "Slack", url: `${url}${path}`, body: 1, retry })).rejects.toThrow(/answered 302/)
    expect(asked).toHaveLength(1)
  })
})

describe("all deliveries", () => {
  it("are tried, and every failure is told with what was delivered", async () => {
    const [bad, good] = [await serve({ status: 404 }), await serve({ body: "ok" })]
    const all = tellAll([
      { name: "Slack", url: `${bad.url}${path}`, body: 1, retry },
      { name: "Teams", url: "https://user:x@y.example", body: 1, retry },
      { name: "the webhook", url: good.url, body: 1, retry },
    ])
    await expect(all).rejects.toThrow(
      /^\[DELIVERY_FAILED] Slack: .*404.*; the address of Teams is .*; told: the webhook$/,
    )
    expect(good.asked).toHaveLength(1)
  })
})

describe("a signature", () => {
  it("is one that a receiver verifies by the published library, over the bytes that were sent", async () => {
    const { url, asked } = await serve({ body: "ok" })
    await deliver({ ...signed(url, message, key, new Date()), retry })
    const { body = "", headers = {} } = asked[0] ?? {}
    expect(new Webhook(key).verify(body, headers)).toEqual(message)
    expect(() => new Webhook(key).verify(`${body} `, headers)).toThrow(/signature/i)
    const other = `whsec_${Buffer.from("another key of 24 bytes!").toString("base64")}`
    expect(() => new Webhook(other).verify(body, headers)).toThrow(/signature/i)
  })

  it("is refused by a receiver when it is replayed later", () => {
    const old = signed("https://x.example", message, key, new Date(Date.now() - 3_600_000))
    expect(() => new Webhook(key).verify(JSON.stringify(message), { ...old.headers })).toThrow(/too old/)
  })

  it("takes a key of at least 24 bytes, and never quotes one", () => {
    expect(readKey("a text of 24 bytes or so")).toHaveLength(24)
    for (const bad of ["", "short-secret", "whsec_short", "whsec_not base64!", `whsec_${"A".repeat(200)}`])
      expect(() => readKey(bad)).toThrow(/^\[KEY_INVALID] the key of the webhook (?!.*(short|AAA))/)
  })

  it("is left out without a key", () => {
    const headers = signatureHeaders({ id: "msg_1", timestamp: 1, body: "{}" }, undefined)
    expect(headers).toEqual({ "webhook-id": "msg_1", "webhook-timestamp": "1" })
  })
})

describe("a sink of events", () => {
  const event = (subject: string) => eventOf({ source: "oci://r.example/a", type: "dev.cssc.x.v1", subject, data: {} })

  it("gets batches in the structured form of CloudEvents, with the token", async () => {
    const { url, asked } = await serve({}, {})
    const events = Array.from({ length: 150 }, (_, place) => event(String(place)))
    await postEvents(events, { url: `${url}/events?tenant=1`, token: "secretToken", retry })
    expect(asked.map(({ body = "" }) => (JSON.parse(body) as unknown[]).length)).toEqual([100, 50])
    expect(asked[0]).toMatchObject({ path: "/events?tenant=1", authorization: "Bearer secretToken" })
    expect(asked[0]?.headers["content-type"]).toBe("application/cloudevents-batch+json; charset=utf-8")
  })

  it("that fails is told with how many it took, and without the token", async () => {
    const { url } = await serve({}, ...[1, 2, 3].map(() => ({ status: 500, body: { message: "secretToken" } })))
    const events = Array.from({ length: 150 }, (_, place) => event(String(place)))
    const failed = postEvents(events, { url, token: "secretToken", retry })
    await expect(failed).rejects.toThrow(/^\[DELIVERY_FAILED] 100 of 150 events were delivered: (?!.*secretToken)/)
  })
})
