import { describe, expect, it } from "vitest"
import { parsePolicy } from "../../src/policy/parse-policy.js"
import { defaultPolicy, policyDigest } from "../../src/policy/policy.js"
import { withShorthands } from "../../src/policy/shorthands.js"

const messageOf = (text: string) => {
  try {
    parsePolicy(text, "policy.yaml")
  } catch (error) {
    return (error as Error).message
  }
  return "accepted"
}

describe("parsePolicy", () => {
  it("fills in every default", () => {
    expect(parsePolicy("version: 1", "default policy")).toEqual(defaultPolicy())
  })

  it("reads every key", () => {
    const text = `
version: 1
severity: critical
unknown-severity: block
fixable-only: true
unassessed: {packages: report}
platforms: {required: [linux/amd64]}
method: sbom
evidence: {required: [https://slsa.dev/provenance/v1], copy: [https://cyclonedx.org/bom]}
database: {max-age: 48h, stale: report, unknown: report}
verdict: {max-age: 90m}
end-of-life: report
exceptions:
  - {id: CVE-2024-1, package: pkg:npm/lodash, images: [ghcr.io/o/*], platforms: [linux/arm64], reason: r, owner: o, expires: 2026-12-31}
`
    expect(parsePolicy(text, "policy.yaml")).toEqual({
      version: 1,
      source: "policy.yaml",
      severity: "CRITICAL",
      unknownSeverity: "block",
      fixableOnly: true,
      unassessed: { packages: "report", nothingRecognised: "block", unsupportedOs: "block" },
      platforms: { kind: "required", platforms: ["linux/amd64"] },
      method: "sbom",
      evidence: { required: ["https://slsa.dev/provenance/v1"], copy: ["https://cyclonedx.org/bom"] },
      database: { maxAge: 48 * 3_600_000, stale: "report", unknown: "report" },
      verdict: { maxAge: 90 * 60_000 },
      endOfLife: "report",
      exceptions: [
        {
          id: "CVE-2024-1",
          package: "pkg:npm/lodash",
          images: ["ghcr.io/o/*"],
          platforms: ["linux/arm64"],
          reason: "r",
          owner: "o",
          expires: "2026-12-31",
          expiresAt: "2026-12-31T23:59:59.999Z",
        },
      ],
    })
  })

  it("lists all problems at once, with their lines and paths", () => {
    const message = messageOf(`version: 1
severity: SEVERE
fixable-only: maybe
colour: red
database:
  max-age: soon
exceptions:
  - id: CVE-2024-1
    expires: 2026-02-30
  - reason: no subject
`)
    expect(message).toMatch(/^\[POLICY_INVALID\] policy\.yaml has 7 problems: /)
    expect(message).toContain('line 2: severity: Invalid option: expected one of "UNKNOWN"')
    expect(message).toContain("line 3: fixable-only: Invalid input: expected boolean")
    expect(message).toContain("line 4: colour: unknown key")
    expect(message).toContain("line 6: database.max-age: is not a duration")
    expect(message).toContain("line 8: exceptions[0].reason: Invalid input")
    expect(message).toContain("line 9: exceptions[0].expires: is not a date")
    expect(message).toContain("line 10: exceptions[1]: needs an id, a package, or both")
  })

  it.each([
    "signatures: {}",
    "trusted: []",
    "vex: []",
    "known-exploited: block",
    "epss: 0.5",
    "regression: block",
    "evidence: {max-age: 5d}",
    "evidence: {signatures: true}",
    "evidence: {trusted-keys: []}",
  ])("refuses %s, since nothing enforces it yet", (yaml) => {
    expect(messageOf(`version: 1\n${yaml}`)).toMatch(/not supported yet.*is not enforced/)
  })

  it.each([
    ["nothing", "", "(document): Invalid input: expected object"],
    ["a list", "- version: 1", "expected object"],
    ["no version", "severity: HIGH", "version: expected version: 1"],
    ["version 2", "version: 2", "version: expected version: 1"],
    ["a key twice", "version: 1\nseverity: LOW\nseverity: HIGH", "line 3: Map keys must be unique"],
    ["broken YAML", "version: 1\nplatforms: [", "policy.yaml is not valid YAML"],
    ["two documents", "version: 1\n---\nversion: 1", "not valid YAML"],
    ["an unknown tag", "version: !!js/function 1", "not valid YAML"],
    ["an unknown purl type", "version: 1\nexceptions: [{package: 'pkg:*', reason: r}]", "is not a purl pattern"],
    ["purl qualifiers", "version: 1\nexceptions: [{package: 'pkg:deb/debian/x?arch=amd64', reason: r}]", "qualifiers"],
    ["a wildcard for ids", "version: 1\nexceptions: [{id: 'CVE-*', reason: r}]", "is not the id of a vulnerability"],
    ["an exception without reason", "version: 1\nexceptions: [{id: CVE-2024-1}]", "exceptions[0].reason"],
    ["an empty list of platforms", "version: 1\nplatforms: []", "platforms: must name a platform"],
    ["a platform that is none", "version: 1\nplatforms: linux", "platforms: expected all, a list of platforms"],
    ["a prototype key", "version: 1\n__proto__: {severity: LOW}", "__proto__: unknown key"],
  ])("refuses %s", (_, text, message) => {
    expect(messageOf(text)).toContain("[POLICY_INVALID]")
    expect(messageOf(text)).toContain(message)
  })

  it("survives hostile YAML", () => {
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x]",
      ..."bcdefgh".split("").map((key, at) => `${key}: &${key} [${`*${"abcdefg"[at]},`.repeat(9)}]`),
    ]
    expect(messageOf(bomb.join("\n"))).toContain("[POLICY_INVALID]")
    expect(messageOf("[".repeat(500_000))).toContain("[POLICY_INVALID]")
    expect(messageOf(`x: ${"a".repeat(1024 * 1024)}`)).toContain("[LIMIT_EXCEEDED]")
  })

  it("refuses more exceptions than anyone can review", () => {
    const text = `version: 1\nexceptions:\n${"  - {id: CVE-2024-1, reason: r}\n".repeat(10_001)}`
    expect(messageOf(text)).toContain("exceptions: more than 10000 exceptions")
  })
})

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
    ]
    expect(new Set(texts.map((text) => policyDigest(parsePolicy(`version: 1\n${text}`)))).size).toBe(texts.length)
  })
})
