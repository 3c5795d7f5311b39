// policy-check: never an exception for a bad policy, every problem with its line, and few warnings.
import { generateKeyPairSync } from "node:crypto"
import { describe, expect, it } from "vitest"
import { checkPolicy, renderPolicyCheck } from "../../../core/policy/document/check-policy.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { policyDigest } from "../../../core/policy/document/policy.js"
import { now } from "./build-assessment.js"
import { badPolicies, goodPolicies, publicPem, quoted } from "./policy-samples.js"

const check = (yaml: string, at: Date | undefined = now) => checkPolicy(`version: 1\n${yaml}`, "policy.yaml", at)
const warningsOf = (yaml: string, at?: Date) =>
  check(yaml, at).warnings.map(({ path, message }) => `${path}: ${message}`)

describe("checkPolicy", () => {
  it.each(badPolicies)("tells of %s what parsePolicy says, and throws nothing", (_, text, _seen, message) => {
    const { valid, problems, policy } = checkPolicy(text, "policy.yaml")
    expect({ valid, policy }).toEqual({ valid: false, policy: undefined })
    expect(problems.map((problem) => `${problem.path}: ${problem.message}`).join("\n")).toContain(message)
    expect(problems.every(({ line }) => line === 2)).toBe(true)
  })

  it.each(goodPolicies)("finds nothing wrong with %s", (_, text) => {
    expect(checkPolicy(text, "policy.yaml")).toMatchObject({ valid: true, problems: [] })
  })

  it("tells a file that is too large, too deep or no YAML as a problem", () => {
    expect(checkPolicy("x".repeat(50 * 1024 * 1024), "p").problems).toEqual([
      { path: "(document)", message: expect.stringContaining("is larger than") },
    ])
    expect(checkPolicy("[".repeat(100_000), "p").problems[0]?.message).toContain("nested too deeply")
    expect(checkPolicy("a: [", "p").problems[0]).toMatchObject({ line: 1, path: "(document)" })
    expect(checkPolicy("", "p").valid).toBe(false)
  })

  it("sums up a policy that can be used, with the digest that verdicts name", () => {
    const yaml = `platforms: {required: [linux/amd64]}\ntrusted: [{publisher: acme, keys: [${quoted(publicPem)}]}]`
    expect(check(yaml).policy).toEqual({
      digest: policyDigest(parsePolicy(`version: 1\n${yaml}`)),
      severity: "HIGH",
      platforms: "required: linux/amd64",
      exceptions: 0,
      trusted: ["acme"],
    })
  })

  it("is the same document every time", () => {
    expect(check("severity: LOW")).toEqual(check("severity: LOW"))
    expect(JSON.parse(JSON.stringify(check("severity: LOW")))).toEqual(check("severity: LOW"))
  })
})

describe("a warning", () => {
  it("is about an exception without an end, and about one that has ended, to the boundary", () => {
    const exceptions = (expires: string) => `exceptions: [{id: CVE-2026-1, reason: r${expires}}]`
    expect(warningsOf(exceptions(""))).toEqual([expect.stringContaining("exceptions[0]: never expires")])
    const ends = exceptions(", expires: '2026-06-15T14:00:00+02:00'")
    expect(warningsOf(ends)).toEqual([])
    expect(warningsOf(ends, new Date(now.getTime() + 1))).toEqual([
      expect.stringContaining("exceptions[0].expires: has ended"),
    ])
    expect(checkPolicy(`version: 1\n${exceptions(", expires: 2000-01-01")}`, "p").warnings).toEqual([])
  })

  it("is about a publisher that decides nothing, is not there, or shares a key", () => {
    const acme = `trusted: [{publisher: acme, keys: [${quoted(publicPem)}]}]`
    expect(warningsOf(acme)).toEqual([])
    expect(warningsOf(`${acme}\nvex: {referrers: false}`)).toEqual([
      expect.stringContaining("trusted[0]: decides nothing"),
    ])
    expect(warningsOf(`${acme}\nvex: {referrers: false}\nsignatures: {sbom: block}`)).toEqual([])
    expect(warningsOf(`${acme}\nvex: {publishers: [Acme]}`)).toEqual([
      expect.stringContaining("trusted[0]: decides nothing"),
      expect.stringContaining("vex.publishers[0]: no publisher in trusted has this name"),
    ])
    const two = `trusted: [{publisher: a, keys: [${quoted(publicPem)}]}, {publisher: b, keys: [${quoted(publicPem)}]}]`
    expect(warningsOf(two)).toEqual([expect.stringContaining("trusted[1].keys[0]: is also a key of a")])
    const other = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString()
    expect(
      warningsOf(two.replace(new RegExp(`${quoted(publicPem).replace(/[\\+/.]/g, "\\$&")}(?=]}]$)`), quoted(other))),
    ).toEqual([])
  })

  it("is about keys that do something else than they seem to", () => {
    expect(warningsOf("signatures: {evidence: block}")).toEqual([
      expect.stringContaining("signatures.evidence: blocks every"),
    ])
    expect(warningsOf("known-exploited: block\nrisk-feeds: {missing: report}")).toEqual([
      expect.stringContaining("risk-feeds.missing: lets images pass unchecked"),
    ])
    expect(warningsOf("severity: UNKNOWN")).toEqual([expect.stringContaining("severity: UNKNOWN stops at every")])
    expect(warningsOf("severity: UNKNOWN\nunknown-severity: block")).toEqual([])
  })
})

describe("renderPolicyCheck", () => {
  it("writes one line per problem, as compilers do", () => {
    const text = renderPolicyCheck(
      check("colour: red\nexceptions:\n  - id: CVE-2026-1\n    reason: r\n    expires: soon"),
    )
    expect(text).toBe(
      "policy.yaml:2: colour: unknown key\n" +
        "policy.yaml:6: exceptions[0].expires: is not a date: expected YYYY-MM-DD or RFC 3339\n" +
        "policy.yaml: 2 problems\n",
    )
  })

  it("writes warnings as such, and what the policy demands", () => {
    const text = renderPolicyCheck(check("exceptions:\n  - {id: CVE-2026-1, reason: r}"))
    expect(text).toMatch(
      /^policy\.yaml:3: warning: exceptions\[0\]: never expires[^\n]*\npolicy\.yaml: valid, 1 warning: stops at HIGH, 1 exception, 0 trusted publishers, sha256:[0-9a-f]{64}\n$/,
    )
  })

  it("keeps a problem on its line, whatever the key", () => {
    const text = renderPolicyCheck(check('"a\\npolicy.yaml: valid": 1\n"\\e[2J": 1'))
    expect(text.split("\n")).toEqual([
      'policy.yaml:2: ["a\\npolicy.yaml: valid"]: unknown key',
      'policy.yaml:3: ["\\u001b[2J"]: unknown key',
      "policy.yaml: 2 problems",
      "",
    ])
  })

  it("counts what is too much to read", () => {
    const keys = Array.from({ length: 1500 }, (_, at) => `k${at}: 1`).join("\n")
    const lines = renderPolicyCheck(check(keys)).trim().split("\n")
    expect(lines).toHaveLength(1002)
    expect(lines.slice(-2)).toEqual(["policy.yaml: and 500 more", "policy.yaml: 1500 problems"])
  })
})
