// Reading a policy file: defaults, every key, and all problems at once with their lines.
import { describe, expect, it } from "vitest"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { defaultPolicy, policyDigest } from "../../../core/policy/document/policy.js"
import { badPolicies } from "./policy-samples.js"

const messageOf = (text: string) => {
  try {
    parsePolicy(text, "policy.yaml")
  } catch (error) {
    return (error as Error).message
  }
  return "accepted"
}
const hour = 3_600_000

const wholePolicy = `version: 1
severity: Critical
unknown-severity: block
fixable-only: true
unassessed: {packages: report}
platforms: {required: [linux/amd64]}
method: sbom
evidence: {required: [https://slsa.dev/provenance/v1], copy: [https://cyclonedx.org/bom], max-age: 30d}
database: {max-age: 48h}
verdict: {max-age: 90m}
end-of-life: report
exceptions:
  - {id: CVE-2026-1, images: ["ghcr.io/acme/**"], reason: " r ", owner: o, expires: 2026-12-31}
  - {package: "pkg:dhi/*", platforms: [linux/arm64], reason: r}
ledger: {expired: block, within: 14d}
trusted: [{publisher: ci, identities: [{issuer: "https://token.example.com", subject: "repo:acme/x"}]}]
signatures: {image: block, sbom: block}
vex: {publishers: [ci], unusable: block}
known-exploited: block
epss: {threshold: 0.5}
risk-feeds: {missing: report}
regression: report
cross-examination: block
`

describe("parsePolicy", () => {
  it("fills in every default", () => {
    expect(parsePolicy("version: 1", "default policy")).toEqual(defaultPolicy())
  })

  it("reads every key about what was found", () => {
    const text = `
version: 1
severity: critical
unknown-severity: block
fixable-only: true
unassessed: {packages: report}
platforms: {required: [linux/amd64]}
method: sbom
evidence: {required: [https://slsa.dev/provenance/v1], copy: [https://cyclonedx.org/bom], max-age: 30d}
database: {max-age: 48h, stale: report, unknown: report}
verdict: {max-age: 90m}
end-of-life: report
ledger: {unused: block, expiring: block, expired: block, fixable: block, within: 2w}
exceptions:
  - {id: CVE-2024-1, package: pkg:npm/lodash, images: [ghcr.io/o/*], platforms: [linux/arm64], reason: " r ", owner: o, expires: 2026-12-31}
`
    expect(parsePolicy(text, "policy.yaml")).toEqual({
      ...defaultPolicy(),
      source: "policy.yaml",
      severity: "CRITICAL",
      unknownSeverity: "block",
      fixableOnly: true,
      unassessed: { packages: "report", nothingRecognised: "block", unsupportedOs: "block" },
      platforms: { kind: "required", platforms: ["linux/amd64"] },
      method: "sbom",
      evidence: {
        required: ["https://slsa.dev/provenance/v1"],
        copy: ["https://cyclonedx.org/bom"],
        maxAge: 30 * 24 * hour,
      },
      database: { maxAge: 48 * hour, stale: "report", unknown: "report" },
      verdict: { maxAge: 1.5 * hour },
      endOfLife: "report",
      ledger: { unused: "block", expiring: "block", expired: "block", fixable: "block", within: 14 * 24 * hour },
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
trusted:
  - publisher: acme
    keys: [AAAA]
ledger:
  within: 0d
regression: {}
risk-feeds:
  stale: never
`)
    expect(message).toMatch(/^\[POLICY_INVALID\] policy\.yaml has 10 problems: /)
    expect(message).toContain("line 2: severity: expected one of UNKNOWN, LOW")
    expect(message).toContain("line 3: fixable-only: expected true or false, not text")
    expect(message).toContain("line 4: colour: unknown key")
    expect(message).toContain("line 6: database.max-age: is not a duration")
    expect(message).toContain("line 8: exceptions[0].reason: is missing")
    expect(message).toContain("line 9: exceptions[0].expires: is not a date")
    expect(message).toContain("line 10: exceptions[1]: needs an id, a package, or both")
    expect(message).toContain("line 13: trusted[0].keys[0]: is not a public key in PEM")
    expect(message).toContain("line 15: ledger.within: is not a duration")
    expect(message).toContain("line 18: risk-feeds.stale: expected one of")
  })

  it.each(badPolicies)("refuses %s", (_, text, _seen, message) => {
    expect(messageOf(text)).toContain("[POLICY_INVALID]")
    expect(messageOf(text)).toContain(message)
  })

  it.each(["evidence: {signatures: true}", "evidence: {trusted-keys: []}", "vex: []", "trusted: {}"])(
    "refuses %s, which looks like something that is enforced",
    (yaml) => expect(messageOf(`version: 1\n${yaml}`)).toContain("line 2: "),
  )
})

// What can go wrong: a change of the schema changes what every stored verdict says that it was judged by.
describe("policyDigest", () => {
  it("of a policy's text stays what it was", () => {
    expect(policyDigest(defaultPolicy())).toBe(
      "sha256:2baaa41e720039eac5c10c021a1e1c87c2c170f440cef1f6839fd0c40b2160d3",
    )
    expect(policyDigest(parsePolicy(wholePolicy))).toBe(
      "sha256:e76959555b05f9d36d0efbe3cd099979c28f87e96289d61518559518db82008f",
    )
  })
})
