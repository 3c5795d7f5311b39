// What a case can say of an image: each word alone makes the verdict that it stands for, under the real rules.
import { describe, expect, it } from "vitest"
import { parseAssessment } from "../../../core/findings/parse-assessment.js"
import { assessmentOf } from "../../../core/policy/cases/policy-case-assessment.js"
import { testPolicy } from "../../../core/policy/cases/run-policy-cases.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { reasonCodes } from "../../../core/policy/verdict/verdict.js"
import { now } from "./build-assessment.js"
import { publicPem, quoted } from "./policy-samples.js"

const strict = `version: 1
platforms: {required: [linux/amd64, linux/arm64]}
unknown-severity: block
evidence: {required: [https://slsa.dev/provenance/v1], max-age: 30d}
signatures: {image: block, sbom: block, evidence: block}
trusted: [{publisher: acme, keys: [${quoted(publicPem)}], images: [ghcr.io/acme/**]}]
known-exploited: block
epss: {threshold: 0.5}
regression: {base-os: block, new-packages: block}
cross-examination: block
`
const verdictOf = (given: string, image = "ghcr.io/acme/app") => {
  const cases = `version: 1\ncases:\n  - {name: a, image: ${image}, given: {${given}}, expect: {outcome: promote}}`
  const { problems, cases: results } = testPolicy(strict, cases, { now })
  expect(problems).toEqual([])
  const codes = (results[0]?.reasons ?? [])
    .filter((reason) => reason.startsWith("block "))
    .map((text) => text.split(" ")[1])
  return [...new Set(codes)].sort()
}
const finding = (more = "") => `findings: [{id: CVE-2026-1, severity: HIGH${more}}]`

describe("a case", () => {
  it("is in order when it names nothing, even under the strictest policy", () => {
    expect(verdictOf("")).toEqual([])
    expect(verdictOf("method: image")).toEqual([])
    expect(verdictOf("signed-by: acme")).toEqual([])
  })

  it.each([
    [finding(), ["FINDINGS"]],
    [finding(", platform: linux/arm64"), ["FINDINGS"]],
    ["findings: [{id: CVE-2026-1, severity: unknown}]", ["UNKNOWN_SEVERITY"]],
    ["findings: [{id: CVE-2026-1, severity: low}], known-exploited: [CVE-2026-1]", ["KNOWN_EXPLOITED"]],
    ["findings: [{id: GHSA-a-b, aliases: [CVE-2026-1], severity: low}], epss: {CVE-2026-1: 0.5}", ["EXPLOIT_LIKELY"]],
    ["findings: [{id: CVE-2026-1, severity: low}], epss: {CVE-2026-1: 0.49}", []],
    ["known-exploited: missing", ["RISK_FEED_MISSING"]],
    ["epss: missing", ["RISK_FEED_MISSING"]],
    ["feed-age: 73h", ["RISK_FEED_STALE"]],
    ["platforms: [linux/amd64]", ["PLATFORM_MISSING"]],
    ["unassessed: ['pkg:dhi/python@3.14']", ["UNASSESSED"]],
    ["sbom: missing", ["MISSING_SBOM"]],
    ["sbom: foreign", ["MISSING_SBOM"]],
    ["sbom: unreadable", ["MISSING_SBOM"]],
    ["sbom: empty", ["MISSING_SBOM"]],
    ["sbom: ambiguous", ["MISSING_SBOM"]],
    ["sbom: unsigned", ["EVIDENCE_UNSIGNED"]],
    ["sbom: untrusted", ["EVIDENCE_UNSIGNED"]],
    ["sbom: invalid", ["SIGNATURE_INVALID"]],
    ["only-in-image: ['pkg:npm/x@1']", ["SBOM_MISMATCH"]],
    ["only-in-sbom: ['pkg:npm/x@1']", ["SBOM_MISMATCH"]],
    ["evidence: []", ["EVIDENCE_MISSING"]],
    ["evidence-signature: unsigned", ["EVIDENCE_UNSIGNED"]],
    ["evidence-signature: invalid", ["SIGNATURE_INVALID"]],
    ["evidence-age: 31d", ["EVIDENCE_STALE"]],
    ["image-signature: unsigned", ["EVIDENCE_UNSIGNED"]],
    ["image-signature: invalid", ["SIGNATURE_INVALID"]],
    ["database-age: 121h", ["DATABASE_STALE"]],
    ["database-age: unknown", ["DATABASE_UNKNOWN"]],
    ["os-end-of-life: true", ["END_OF_LIFE"]],
    ["end-of-life: 2026-06-15", ["END_OF_LIFE"]],
    ["end-of-life: 2026-06-16", []],
    [`${finding()}, promoted: {findings: []}`, ["FINDINGS", "NEW_FINDINGS"]],
    [`${finding()}, promoted: {findings: [CVE-2026-1]}`, ["FINDINGS"]],
    ["promoted: {platforms: [linux/amd64, linux/arm64, linux/s390x]}", ["PLATFORM_DROPPED"]],
    ["promoted: none", []],
  ])("with %s is blocked by %j", (given, expected) => {
    const codes = verdictOf(given)
    expect(codes.every((code) => (reasonCodes as readonly string[]).includes(code ?? ""))).toBe(true)
    expect(codes).toEqual(expected)
  })

  it("is signed by a publisher only for the images it is trusted for", () => {
    expect(verdictOf("signed-by: acme", "ghcr.io/other/app")).toEqual(["EVIDENCE_UNSIGNED"])
  })

  it("is an assessment that could have been stored", () => {
    const policy = parsePolicy(strict)
    const given = { sbom: "unsigned", "end-of-life": "2026-01-01", epss: { "CVE-2026-1": 0.1 } } as const
    const findings = [{ id: "CVE-2026-1", severity: "HIGH", package: "pkg:npm/a@1" }] as const
    const assessment = assessmentOf({
      image: "ghcr.io/acme/app",
      at: now,
      given: { ...given, findings: [...findings] },
      policy,
    })
    expect(parseAssessment(JSON.stringify(assessment))).toEqual(assessment)
  })
})
