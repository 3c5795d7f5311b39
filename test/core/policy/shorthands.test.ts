// The two inputs of small pipelines, and what makes two policies the same one.
import { describe, expect, it } from "vitest"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { defaultPolicy, policyDigest } from "../../../core/policy/document/policy.js"
import { withShorthands } from "../../../core/policy/document/shorthands.js"
import { publicPem, quoted } from "./policy-samples.js"

describe("withShorthands", () => {
  it("replaces the severity and adds exceptions", () => {
    const policy = withShorthands(defaultPolicy(), { severity: "low", exceptions: " CVE-1 || CVE-2|CVE-1 " })
    expect(policy.severity).toBe("LOW")
    expect(policy.exceptions.map(({ id }) => id)).toEqual(["CVE-1", "CVE-2"])
  })

  it("changes nothing when they are empty", () => {
    expect(withShorthands(defaultPolicy(), { severity: "", exceptions: " | " })).toEqual(defaultPolicy())
  })

  it("lists the ids that are none", () => {
    expect(() => withShorthands(defaultPolicy(), { exceptions: "CVE-1|*|CVE 2" })).toThrow(
      '[ARGUMENT_INVALID] the exceptions "*", "CVE 2" are not ids of vulnerabilities',
    )
  })
})

describe("policyDigest", () => {
  it("does not depend on the source, the order of keys, or the order of exceptions", () => {
    const a = parsePolicy(
      "version: 1\nseverity: LOW\nexceptions: [{id: CVE-1, reason: r}, {id: CVE-2, reason: r}]",
      "a",
    )
    const b = parsePolicy(
      "exceptions: [{id: CVE-2, reason: r}, {reason: r, id: CVE-1}]\nseverity: low\nversion: 1",
      "b",
    )
    expect(policyDigest(a)).toBe(policyDigest(b))
  })

  it("changes with every demand", () => {
    const texts = [
      "",
      "severity: LOW",
      "unassessed: report",
      "database: {max-age: 1h}",
      "end-of-life: report",
      "method: sbom",
      "evidence: {max-age: 5d}",
      `trusted: [{publisher: a, keys: [${quoted(publicPem)}]}]`,
      `trusted: [{publisher: b, keys: [${quoted(publicPem)}]}]`,
      "signatures: {image: report}",
      "signatures: {image: block}",
      "vex: {referrers: false}",
      "known-exploited: block",
      "epss: {threshold: 0.5}",
      "risk-feeds: {max-age: 1h}",
      "regression: report",
      "cross-examination: report",
      "ledger: {within: 1d}",
    ]
    expect(new Set(texts.map((text) => policyDigest(parsePolicy(`version: 1\n${text}`)))).size).toBe(texts.length)
  })
})
