// What can go wrong: a stranger's text starts a line of the log, hides what stands there, or commands the runner.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cleanLine } from "../../core/clean-line.js"
import { CsscError } from "../../core/errors.js"
import { parseManifest } from "../../core/oci/manifest.js"
import { escapeText } from "../../core/page/markdown-escape.js"

const hostile = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^\s*::|##\w*\[/u
const nasty = fc.constantFrom(
  "\n",
  "\r",
  "\u001b[2J",
  "::error::",
  "##[",
  "##vso[",
  "\u202e",
  "\u200b",
  "#",
  ":",
  "[",
  "\ud800",
  " ",
  "\u{e0041}",
)
const text = fc.array(fc.oneof(nasty, fc.string({ unit: "binary" })), { maxLength: 8 }).map((parts) => parts.join(""))

describe("cleanLine", () => {
  it.each([
    ["a\nb\r\nc", "a b c"],
    ["::error file=a::b", ": :error file=a::b"],
    ["\n ::warning::x", ": :warning::x"],
    ["\u200b::debug::x", ": :debug::x"],
    ["x ##[error]y ##vso[task.complete]z ##teamcity[a]", "x # #[error]y # #vso[task.complete]z # #teamcity[a]"],
    ["a\u001b[31mred\u001b]0;t\u0007", "a [31mred ]0;t "],
    ["a\u202eb\u2066c\u061cd", "a b c d"],
    ["a\u2028b\u2029c\u0085d", "a b c d"],
    ["\ud800 half", "  half"],
    ["registry.example.com/app:1 — “ü” 🎉 日本", "registry.example.com/app:1 — “ü” 🎉 日本"],
  ])("makes of %j", (given, expected) => {
    expect(cleanLine(given)).toBe(expected)
  })

  it("leaves nothing that hides, moves or commands, of any text, and changes a clean line no more", () => {
    fc.assert(
      fc.property(text, (given) => {
        const line = cleanLine(given)
        expect(line).not.toMatch(hostile)
        expect(cleanLine(line)).toBe(line)
      }),
      { numRuns: 2000 },
    )
  })

  it("ends", () => {
    expect(cleanLine("🎉".repeat(1_000_000)).length).toBeLessThanOrEqual(16_384)
    expect(cleanLine("#".repeat(1_000_000)).length).toBeLessThanOrEqual(16_384)
  })
})

describe("an error", () => {
  it("is one clean line, whatever it quotes", () => {
    fc.assert(
      fc.property(text, (given) => {
        const { message, reason } = new CsscError("TOOL_FAILED", given)
        expect([message, reason].join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##\w*\[/u)
        expect(reason).not.toMatch(hostile)
      }),
    )
  })

  it("quotes a manifest's media type, an artifact's or a key of a document on its line", () => {
    const evil = "x\n::error::y\u001b[2K##[warning]"
    const failures = [{ mediaType: evil }, { manifests: [], [evil]: 1, [evil.toUpperCase()]: 1 }].map((value) => {
      try {
        return parseManifest(JSON.stringify(value), { reference: "r/a" })
      } catch (error) {
        return (error as Error).message
      }
    })
    for (const message of failures) expect(message).toMatch(/^\[MANIFEST_[A-Z]+\] [^\p{Cc}]*$/u)
    expect(failures.join("")).not.toContain("##[")
  })
})

describe("a text in Markdown", () => {
  it("has no line of its own", () => {
    fc.assert(fc.property(text, (given) => void expect(escapeText(given)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)))
  })
})
