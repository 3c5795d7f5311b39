// What can go wrong: a publisher with a blank name becomes the gate itself, whose keys count for everything.
import { describe, expect, it } from "vitest"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { isBlank, nameProblem, parsePublisher } from "../../../core/policy/document/visible-text.js"
import { grantOverride } from "../../../core/policy/exceptions/override.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { addTrustedKey } from "../../../dagger/state/trust-builders.js"
import { aFinding, anAssessment, now, withFindings } from "./build-assessment.js"

const nothingToSee = [
  ["spaces", "  "],
  ["a tab and a line feed", "\t\n"],
  ["no-break and figure spaces", "\u00a0\u2007\u202f"],
  ["a zero-width space", "\u200b"],
  ["joiners", "\u200c\u200d"],
  ["a word joiner and a byte order mark", "\u2060\ufeff"],
  ["a soft hyphen", "\u00ad"],
  ["marks of direction", "\u200e\u202e\u2066"],
  ["Hangul fillers", "\u3164\u115f\uffa0"],
  ["a blank of Braille", "\u2800"],
  ["a Mongolian vowel separator", "\u180e"],
  ["tags and variation selectors", "\u{e0041}\ufe0f\u{e0100}"],
  ["separators of lines", "\u2028\u2029"],
  ["a null", "\0"],
  ["a private character", "\ue000"],
] as const

describe("a publisher", () => {
  it.each(nothingToSee)("of %s is refused, alone and within a name", (_, text) => {
    expect(isBlank(text)).toBe(true)
    expect(() => parsePublisher(text)).toThrow(
      /^\[ARGUMENT_INVALID\] the publisher "[ -~]*" must not be empty: leave the publisher out/,
    )
    if (text.trim() === "" && text.includes(" ")) return
    expect(nameProblem(`ac${text}me`)).toBe("has a character that cannot be seen")
  })

  it("is left out for the gate's own key, and else is what can be seen, trimmed", () => {
    expect(parsePublisher("")).toBe("")
    expect(parsePublisher(" Docker Hardened Images ")).toBe("Docker Hardened Images")
    expect(parsePublisher("Zoë, 株式会社")).toBe("Zoë, 株式会社")
  })

  it("is checked before the key is taken over", () => {
    expect(() => addTrustedKey({} as never, {} as never, "  ")).toThrow(/^\[ARGUMENT_INVALID\]/)
  })
})

describe("an override", () => {
  it.each(nothingToSee)("by an approver of %s is refused", (_, approver) => {
    const verdict = evaluate(anAssessment([withFindings("linux/amd64", aFinding())]), defaultPolicy(), { now })
    const request = { verdict, approver, reason: "r", reference: "i", cves: ["CVE-2026-1"], expires: "2026-06-20" }
    expect(() => grantOverride(request, now)).toThrow(/^\[OVERRIDE_REFUSED\].*names no approver/)
  })
})
