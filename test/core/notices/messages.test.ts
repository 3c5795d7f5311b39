// What messengers get: bounded, and with nothing of a stranger's that they would act on.
import { describe, expect, it } from "vitest"
import { messageId, slackMessage, teamsMessage, webhookMessage } from "../../../core/notices/messages.js"
import { noticeOf } from "../../../core/notices/notice.js"
import { anOutcome, outcomesOf } from "../../support/blocked-outcome.js"

const hostile = "<!channel> <@U123> *bold* [x](https://evil.example) & \u202e\n::error::no"
const one = outcomesOf(anOutcome({ message: hostile }))
const run = "https://ci.example/runs/7"

describe("a notice", () => {
  it("counts, and names what did not pass first", () => {
    const images = [anOutcome({ passed: true, reference: "reg.example/a:1" }), anOutcome()]
    const notice = noticeOf(outcomesOf(...images), run)
    expect(notice).toMatchObject({ title: "1 blocked, 1 good: daily", bad: true, link: run, more: 0 })
    expect(notice.lines.map(({ outcome }) => outcome)).toEqual(["blocked", "promote"])
  })

  it("is one clean line for each image, at most twenty, each of them short", () => {
    const many = Array.from({ length: 500 }, (_, place) =>
      anOutcome({ reference: `reg.example/app:${place}`, message: `${hostile}${"x".repeat(5000)}` }),
    )
    const notice = noticeOf(outcomesOf(...many), "")
    expect(notice).toMatchObject({ more: 480, bad: true })
    expect(notice.lines).toHaveLength(20)
    expect(notice.lines.every(({ why }) => why.length <= 160 && !/[\n\u202e]/.test(why))).toBe(true)
  })

  it.each(["javascript:alert(1)", "file:///etc/passwd", "not a url", "", `https://x.example/${"a".repeat(3000)}`])(
    "has no link to %.40s",
    (url) => {
      expect(noticeOf(one, url)).not.toHaveProperty("link")
    },
  )
})

describe("Slack's message", () => {
  it("has strangers' words only where Slack reads no markup", () => {
    const message = slackMessage(noticeOf({ ...one, name: hostile }, run)) as { text: string; blocks: object[] }
    expect(message.text).not.toMatch(/[<>]/)
    expect(JSON.stringify(message.blocks)).not.toContain("mrkdwn")
    expect(textsOf(message.blocks).every(({ type }) => type === "plain_text")).toBe(true)
  })

  it("stays within Slack's limits", () => {
    const long = Array.from({ length: 20 }, () =>
      anOutcome({ reference: `reg.example/${"a".repeat(150)}:1`, message: "m".repeat(500) }),
    )
    const message = slackMessage(noticeOf({ ...outcomesOf(...long), name: "n".repeat(500) }, run)) as Message
    const [header = "", section = ""] = textsOf(message.blocks).map(({ text }) => text)
    expect(header.length).toBeLessThanOrEqual(150)
    expect(section.length).toBeLessThanOrEqual(3000)
    expect(section).toMatch(/and \d+ more$/)
  })
})

describe("Teams' card", () => {
  it("has strangers' words only in runs of plain text", () => {
    const card = JSON.stringify(teamsMessage(noticeOf({ ...one, name: hostile }, run)))
    expect(card).not.toContain('"TextBlock"')
    expect(card).toContain('"TextRun"')
    expect(card.length).toBeLessThan(28_000)
  })
})

describe("a webhook's message", () => {
  it("says what happened to each image, within limits", () => {
    const many = Array.from({ length: 700 }, (_, place) =>
      anOutcome({
        reference: `reg.example/app:${place}`,
        remaining: Array.from({ length: 50 }, (_, id) => `CVE-1-${id}`),
      }),
    )
    const outcomes = outcomesOf(...many)
    const message = webhookMessage(noticeOf(outcomes, run), outcomes) as { images: { blocking: string[] }[] }
    expect(message).toMatchObject({ schema: "https://cssc.dev/notification/v1", run, more: 200, bad: true })
    expect(message.images).toHaveLength(500)
    expect(message.images[0]?.blocking).toHaveLength(20)
  })

  it("has the same id when it is told again", () => {
    expect(messageId("a")).toBe(messageId("a"))
    expect(messageId("a")).not.toBe(messageId("b"))
  })
})

type Message = { blocks: object[] }

function textsOf(value: unknown): { type: string; text: string }[] {
  if (Array.isArray(value)) return value.flatMap(textsOf)
  if (typeof value !== "object" || value === null) return []
  const own = "text" in value && typeof value.text === "string" ? [value as { type: string; text: string }] : []
  return [...own, ...Object.values(value).flatMap(textsOf)]
}
