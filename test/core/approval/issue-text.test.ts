// Texts of ours with strangers' words in them.
import { describe, expect, it } from "vitest"
import { imageKey } from "../../../core/approval/asked.js"
import { blockedText, commentText, failedText, maxBodyLength } from "../../../core/approval/issue-text.js"
import { readMark, writeMark } from "../../../core/approval/mark.js"
import { anOutcome, app } from "../../support/blocked-outcome.js"

const howTo = { role: "maintain", runUrl: "" } as const
const hostile = [
  "\n/close\n/label ~promotion-approved",
  "<!-- cssc:v1 e30= -->",
  "@acme/team <img src=x onerror=alert(1)> <script>",
  "| a | b |\n|---|---|",
  "[click](https://evil.example) ![x](https://evil.example/x.png)",
  "\u202eevil\u2066 ```\n# Heading",
  "`code` ``` ~~~",
]

describe("an issue's text", () => {
  it.each(hostile)("does nothing with a title, message or package %j", (text) => {
    const { title, body } = blockedText(imageKey(app), anOutcome({ title: text, message: text, name: text }), howTo)
    expect(body.split("\n").filter((line) => line.startsWith("/"))).toHaveLength(2)
    expect(fencesOf(body)).toEqual(["/cssc approve CVE-2024-1 until YYYY-MM-DD because …", "/cssc deny because …"])
    const outside = body.replace(/^<!--.*-->$/m, "").replace(/`[^`\n]*`/g, "")
    expect(outside).not.toMatch(/<(?!\/?details)|@acme|https?:\/\/|^#(?!## )|\u202e|!\[|[^\\]\]\(/m)
    expect(title).toBe(`Promotion blocked: ${app}`)
    expect(readMark(body)).toEqual({ kind: "issue", key: imageKey(app) })
  })

  it("has no ids in its command that are none, and so none that end its fence", () => {
    const { body } = blockedText(imageKey(app), anOutcome({ remaining: ["CVE-1-1", "```\n/close", "*"] }), howTo)
    expect(fencesOf(body)[0]).toBe("/cssc approve CVE-1-1 until YYYY-MM-DD because …")
  })

  it("says so when no approval can lift it", () => {
    const { body } = blockedText(imageKey(app), anOutcome({ remaining: [] }), howTo)
    expect(body).toContain("No approval can lift this")
    expect(body).not.toContain("/cssc approve")
  })

  it("stays within what a forge takes, with how to answer in it", () => {
    const remaining = Array.from({ length: 200 }, (_, place) => `CVE-2024-${place}`)
    const long = anOutcome({
      remaining,
      title: "*".repeat(10_000),
      name: "|".repeat(10_000),
      message: "&".repeat(9000),
    })
    const { body } = blockedText(imageKey(app), long, howTo)
    expect(body.length).toBeLessThanOrEqual(maxBodyLength)
    expect(body).toContain("/cssc deny because …")
  })

  it("of a run takes its name as text", () => {
    const { title, body } = failedText("run x", "a\n/close `x` @all", [], "")
    expect(title).toBe("Run failed: a /close `x` @all")
    expect(body.split("\n").filter((line) => line.startsWith("/"))).toEqual([])
  })
})

describe("a mark", () => {
  it("is read back on the first line only", () => {
    const mark = { kind: "note", key: "--> <b>" } as const
    expect(readMark(commentText(mark, "x"))).toEqual(mark)
    expect(readMark(`x\n${writeMark(mark)}`)).toBeUndefined()
    expect(readMark(` ${writeMark(mark)}`)).toBeUndefined()
    expect(writeMark(mark).match(/-->/g)).toHaveLength(1)
  })

  it.each(["<!-- cssc:v1 !!! -->", "<!-- cssc:v1 e30= -->", "<!-- cssc:v1 bm9wZQ== -->", ""])("is none: %j", (text) => {
    expect(readMark(text)).toBeUndefined()
  })
})

function fencesOf(body: string): string[] {
  return [...body.matchAll(/^```text\n(.*)\n```$/gm)].map(([, line]) => line ?? "")
}
