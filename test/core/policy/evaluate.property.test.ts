import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { PlatformAssessment } from "../../../core/findings/assessment.js"
import { canonicalJson } from "../../../core/findings/canonical-json.js"
import { severities } from "../../../core/findings/finding.js"
import { problemCodes } from "../../../core/findings/platform-assessment.js"
import { defaultPolicy, type Policy, type PolicyException } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { parseVerdict } from "../../../core/policy/verdict/parse-verdict.js"
import { aFinding, anAssessment, aPlatform, aScan, now } from "./build-assessment.js"

const ids = fc.constantFrom("CVE-1-1", "CVE-1-2", "CVE-1-3", "GHSA-a-b-c")
const purls = fc.constantFrom("pkg:deb/debian/bash@5", "pkg:npm/lodash@4", "pkg:dhi/python@3", "")
const platformNames = fc.constantFrom("linux/amd64", "linux/arm64", "linux/arm/v7")
const effects = fc.constantFrom("block" as const, "report" as const)

const findings = fc.record({
  id: ids,
  aliases: fc.array(ids, { maxLength: 1 }),
  severity: fc.constantFrom(...severities),
  purl: purls,
})
const packages = fc.record({ purl: purls, name: fc.constantFrom("a", "b"), version: fc.constant("1") })
const scans = fc.record({
  packages: fc.nat(2),
  findings: fc.array(findings.map(aFinding), { maxLength: 5 }),
  suppressed: fc.array(findings.map(aFinding), { maxLength: 2 }),
  unassessed: fc.array(packages, { maxLength: 2 }),
})
const problems = fc.constantFrom(...problemCodes).map((code) => ({ code, message: code }))
const platforms: fc.Arbitrary<PlatformAssessment> = fc
  .tuple(platformNames, fc.option(scans, { freq: 5 }), fc.array(problems, { maxLength: 1 }))
  .map(([name, scan, list]) => {
    const { scan: _, ...bare } = aPlatform(name, { problems: list })
    return scan === null ? bare : { ...bare, scan: aScan(scan) }
  })
const images = fc.array(platforms, { maxLength: 4 })

const exceptions: fc.Arbitrary<PolicyException> = fc.record(
  {
    id: ids,
    package: fc.constantFrom("pkg:dhi/*", "pkg:deb/debian/*"),
    images: fc.constantFrom([], ["registry.example.com/**"], ["other/**"]),
    platforms: fc.constantFrom([], ["linux/arm64"]),
    reason: fc.constantFrom("x", "y"),
    expiresAt: fc.constantFrom("2026-06-01T00:00:00Z", "2026-06-18T00:00:00Z", "2027-01-01T00:00:00Z"),
  },
  { requiredKeys: ["images", "platforms", "reason"] },
)
const policies: fc.Arbitrary<Policy> = fc
  .record({
    severity: fc.constantFrom(...severities),
    unknownSeverity: effects,
    fixableOnly: fc.boolean(),
    endOfLife: effects,
    unassessed: fc.record({ packages: effects, nothingRecognised: effects, unsupportedOs: effects }),
    exceptions: fc.array(exceptions, { maxLength: 4 }),
  })
  .map((more) => ({ ...defaultPolicy(), ...more }))

const judge = (image: readonly PlatformAssessment[], policy: Policy) => evaluate(anAssessment(image), policy, { now })
const shuffle = <T>(items: readonly T[], seed: number) =>
  items.map((_, at) => items[(at + seed) % items.length] as T).reverse()

describe("every verdict", () => {
  it("is the same bytes for every order of platforms, findings, packages and exceptions", () => {
    fc.assert(
      fc.property(images, policies, fc.nat(7), (image, policy, seed) => {
        const other = shuffle(image, seed).map(({ scan, ...platform }) => {
          if (scan === undefined) return platform
          const { findings, suppressed, unassessed } = scan
          return {
            ...platform,
            scan: {
              ...scan,
              findings: shuffle(findings, seed),
              suppressed: shuffle(suppressed, seed),
              unassessed: shuffle(unassessed, seed),
            },
          }
        })
        const otherPolicy = { ...policy, exceptions: shuffle(policy.exceptions, seed) }
        expect(canonicalJson(judge(other, otherPolicy))).toBe(canonicalJson(judge(image, policy)))
      }),
      { numRuns: 500 },
    )
  })

  it("blocks no more with one exception more", () => {
    fc.assert(
      fc.property(images, policies, exceptions, (image, policy, exception) => {
        const before = judge(image, policy)
        const after = judge(image, { ...policy, exceptions: [...policy.exceptions, exception] })
        expect(before.remaining).toEqual(expect.arrayContaining([...after.remaining]))
        expect(after.blocking).toEqual(before.blocking)
        expect(after.passed || !before.passed).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it("passes only when there is a platform, and each was scanned and has nothing that blocks", () => {
    fc.assert(
      fc.property(images, policies, (image, policy) => {
        const verdict = judge(image, policy)
        if (!verdict.passed) return
        expect(image.length).toBeGreaterThan(0)
        expect(image.every(({ scan }) => scan !== undefined)).toBe(true)
        expect(verdict.platforms.every(({ blocking, missingSbom }) => blocking.length === 0 && !missingSbom)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it("loses no finding, and splits the blocking ids into remaining and excepted", () => {
    fc.assert(
      fc.property(images, policies, (image, policy) => {
        const verdict = judge(image, policy)
        const all = image.flatMap(({ scan }) => [...(scan?.findings ?? []), ...(scan?.suppressed ?? [])])
        expect(verdict.findings).toHaveLength(all.length)
        expect([...verdict.remaining, ...verdict.excepted].sort()).toEqual(verdict.blocking)
      }),
      { numRuns: 300 },
    )
  })

  it("can be read back from its document", () => {
    fc.assert(
      fc.property(images, policies, (image, policy) => {
        const verdict = judge(image, policy)
        expect(parseVerdict(canonicalJson(verdict))).toEqual(verdict)
      }),
    )
  })
})

describe("parseVerdict", () => {
  const blocked = judge([], defaultPolicy())

  it.each([
    ["a pass that its reasons contradict", { ...blocked, outcome: "promote", passed: true }],
    ["an outcome that its pass contradicts", { ...blocked, passed: true }],
    ["an unknown key", { ...blocked, extra: 1 }],
    ["a digest that is none", { ...blocked, image: { ...blocked.image, digest: "sha256:1" } }],
  ])("refuses %s", (_, value) => {
    expect(() => parseVerdict(JSON.stringify(value))).toThrow("[REPORT_INVALID] verdict.json is malformed")
  })
})
