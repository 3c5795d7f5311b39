// What can go wrong: an override without a name behind it, wider than what it names, for another image, without an end,
// or one that hides what it let pass.
import { describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { defaultPolicy, type Policy } from "../../../core/policy/document/policy.js"
import { grantOverride, type OverrideRequest } from "../../../core/policy/exceptions/override.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { parseVerdict } from "../../../core/policy/verdict/parse-verdict.js"
import type { Override } from "../../../core/policy/verdict/verdict.js"
import {
  aFinding,
  anAssessment,
  aPlatform,
  codesOf,
  image,
  messageOf,
  now,
  unscanned,
  withFindings,
} from "./build-assessment.js"

const findings = [aFinding({ id: "CVE-2026-1" }), aFinding({ id: "CVE-2026-2", aliases: ["GHSA-aaaa-bbbb-cccc"] })]
const blocked = evaluate(anAssessment([withFindings("linux/amd64", ...findings)]), defaultPolicy(), { now })
const request: OverrideRequest = {
  verdict: blocked,
  approver: "jane@example.com",
  reason: "the fix breaks the release; reachable only from inside",
  reference: "https://issues.example.com/4711",
  cves: ["CVE-2026-1"],
  expires: "2026-06-22",
}
const override = grantOverride(request, now)
const judge = (given: Override, at = now, policy: Policy = defaultPolicy()) =>
  evaluate(anAssessment([withFindings("linux/amd64", ...findings)]), policy, { now: at, override: given })

describe("grantOverride", () => {
  it("is bound to the digest and to the names, and says when, by whom and until when", () => {
    expect(override).toEqual({
      digest: image.digest,
      approver: "jane@example.com",
      reason: request.reason,
      reference: request.reference,
      cves: ["CVE-2026-1"],
      expires: "2026-06-22T23:59:59.999Z",
      grantedAt: now.toISOString(),
    })
  })

  it.each<[string, Partial<OverrideRequest>, RegExp]>([
    ["without an approver", { approver: " " }, /no approver/],
    ["without a reason", { reason: "" }, /no reason/],
    ["without a reference", { reference: "\n" }, /no reference/],
    ["without a vulnerability", { cves: [] }, /names no vulnerability/],
    ["for a wildcard", { cves: ["CVE-2026-*"] }, /"CVE-2026-\*": not ids/],
    ["for everything", { cves: ["*"] }, /"\*": not ids/],
    ["for what does not block", { cves: ["CVE-2026-1", "CVE-1999-9"] }, /"CVE-1999-9": not among/],
    ["without an end", { expires: "" }, /no end/],
    ["with an end that is no date", { expires: "2026-02-30" }, /not a date/],
    ["with an end that is past", { expires: "2026-06-14" }, /is past/],
    ["with an end at this moment", { expires: now.toISOString() }, /is past/],
    ["with an end too far away", { expires: "2026-09-14" }, /more than 90d away/],
    ["with a moment too far away", { expires: "2026-09-13T12:00:00.001Z" }, /more than 90d away/],
    ["with a moment on the day that a date may name", { expires: "2026-09-13T23:59:59Z" }, /more than 90d away/],
    ["with a text that is endless", { reason: "x".repeat(1001) }, /longer than 1000/],
  ])("is refused %s", (_, more, message) => {
    expect(() => grantOverride({ ...request, ...more }, now)).toThrow("[OVERRIDE_REFUSED]")
    expect(() => grantOverride({ ...request, ...more }, now)).toThrow(message)
  })

  it("is granted until the end of the ninetieth day, or for ninety days to the moment", () => {
    expect(grantOverride({ ...request, expires: "2026-09-13T12:00:00Z" }, now).expires).toBe("2026-09-13T12:00:00.000Z")
    expect(grantOverride({ ...request, expires: "2026-09-13" }, now).expires).toBe("2026-09-13T23:59:59.999Z")
  })

  it("tells all that is wrong at once", () => {
    const wrong = { ...request, approver: "", reason: "", reference: "", cves: ["*"], expires: "soon" }
    expect(() => grantOverride(wrong, now)).toThrow(
      /no approver; it names no reason; it names no reference; "\*": not ids.*; its end "soon" is not a date/,
    )
  })

  it("is refused for a verdict that passes, or that is blocked by more than findings", () => {
    const passed = evaluate(anAssessment(), defaultPolicy(), { now })
    expect(() => grantOverride({ ...request, verdict: passed }, now)).toThrow(/passes: there is nothing to override/)
    const missing = evaluate(anAssessment([unscanned("linux/amd64", "SBOM_MISSING")]), defaultPolicy(), { now })
    expect(() => grantOverride({ ...request, verdict: missing }, now)).toThrow(
      /blocked-missing-sbom for reasons that no/,
    )
  })
})

describe("evaluate with an override", () => {
  it("lets pass what is named, and only that", () => {
    const verdict = judge(override)
    expect(verdict).toMatchObject({
      passed: false,
      blocking: ["CVE-2026-1", "CVE-2026-2"],
      remaining: ["CVE-2026-2"],
      excepted: [],
      override: { state: "used", covered: ["CVE-2026-1"], notFound: [] },
    })
    expect(verdict.findings[0]).toMatchObject({
      judgement: "overridden",
      because: {
        by: override.approver,
        statement: override.reason,
        source: override.reference,
        expires: override.expires,
      },
    })
  })

  it("passes when all that blocks is named, by alias too, and says so", () => {
    const verdict = judge({ ...override, cves: ["CVE-2026-1", "ghsa-AAAA-bbbb-cccc", "CVE-2026-3"] })
    expect(verdict).toMatchObject({ passed: true, outcome: "promote", remaining: [] })
    expect(verdict.override).toMatchObject({ covered: ["CVE-2026-1", "ghsa-AAAA-bbbb-cccc"], notFound: ["CVE-2026-3"] })
    expect(messageOf(verdict, "OVERRIDE")).toBe(
      `the override by jane@example.com (https://issues.example.com/4711) lets pass until ${override.expires}: CVE-2026-1, ghsa-AAAA-bbbb-cccc; named and not found: CVE-2026-3`,
    )
    expect(parseVerdict(JSON.stringify(verdict))).toEqual(verdict)
  })

  it("does not let pass what an advisory bundles with what is named", () => {
    const bundled = [
      aFinding({ id: "DSA-1-1" }),
      aFinding({ id: "CVE-2026-9", aliases: ["DSA-1-1"], package: "other", purl: "pkg:deb/debian/other@1" }),
    ]
    const assessment = anAssessment([withFindings("linux/amd64", ...bundled)])
    const before = evaluate(assessment, defaultPolicy(), { now })
    const granted = grantOverride({ ...request, verdict: before, cves: ["DSA-1-1"] }, now)
    expect(evaluate(assessment, defaultPolicy(), { now, override: granted })).toMatchObject({
      passed: false,
      remaining: ["CVE-2026-9"],
      override: { covered: ["DSA-1-1"], notFound: [] },
    })
  })

  it.each([
    ["its last millisecond", "2026-06-22T23:59:59.999Z", true],
    ["the same moment elsewhere", "2026-06-23T01:59:59.999+02:00", true],
    ["the next millisecond", "2026-06-23T00:00:00.000Z", false],
    ["before it was granted", "2026-06-15T11:00:00Z", false],
  ])("holds until its end: %s", (_, at, covers) => {
    const all = { ...override, cves: ["CVE-2026-1", "CVE-2026-2"] }
    const verdict = judge(all, new Date(at), {
      ...defaultPolicy(),
      database: { ...defaultPolicy().database, stale: "report" },
    })
    expect(verdict.remaining.length === 0).toBe(covers)
  })

  it("blocks again after its end, and names it", () => {
    const verdict = judge({ ...override, expires: "2026-06-15T11:59:59Z" })
    expect(verdict).toMatchObject({ passed: false, override: { state: "expired", covered: [] } })
    expect(messageOf(verdict, "OVERRIDE")).toContain("expired")
  })

  it("covers nothing when its end cannot be read", () => {
    expect(judge({ ...override, expires: "never" })).toMatchObject({ passed: false, override: { state: "expired" } })
  })

  it("is nothing for another digest, and is named", () => {
    const verdict = judge({ ...override, cves: ["CVE-2026-1", "CVE-2026-2"], digest: digestOf("other") })
    expect(verdict).toMatchObject({ passed: false, remaining: ["CVE-2026-1", "CVE-2026-2"] })
    expect(verdict.override).toBeUndefined()
    expect(messageOf(verdict, "OVERRIDE")).toContain("covers nothing here")
  })

  it("changes no other reason", () => {
    const platforms = [withFindings("linux/amd64", aFinding()), unscanned("linux/arm64", "SBOM_MISSING")]
    const { database: _, ...assessment } = anAssessment(platforms)
    const verdict = evaluate(assessment, defaultPolicy(), { now, override })
    expect(verdict).toMatchObject({ passed: false, outcome: "blocked-missing-sbom", remaining: [] })
    expect(codesOf(verdict, "block")).toEqual(["DATABASE_UNKNOWN", "MISSING_SBOM"])
  })

  it("does not take what an exception covers already", () => {
    const exceptions = [{ id: "CVE-2026-1", images: [], platforms: [], reason: "r" }]
    const verdict = judge(override, now, { ...defaultPolicy(), exceptions })
    expect(verdict).toMatchObject({
      excepted: ["CVE-2026-1"],
      override: { state: "unused", covered: [], notFound: [] },
    })
  })

  it("is told in a verdict that it does not change", () => {
    const verdict = evaluate(anAssessment([aPlatform("linux/amd64")]), defaultPolicy(), { now, override })
    expect(verdict).toMatchObject({ passed: true, override: { state: "unused", notFound: ["CVE-2026-1"] } })
  })
})
