// Whatever was observed, in whatever order: a stored assessment replays to the same bytes, and accepting something never
// makes more of it block.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type SignatureFact, signatureStatuses } from "../../../core/attestation/signature.js"
import type { Assessment, PlatformAssessment } from "../../../core/findings/assessment.js"
import type { BaselineResult } from "../../../core/findings/baseline.js"
import { canonicalJson } from "../../../core/findings/canonical-json.js"
import { severities } from "../../../core/findings/finding.js"
import { parseAssessment } from "../../../core/findings/parse-assessment.js"
import type { RiskData } from "../../../core/findings/risk/risk.js"
import { digestOf } from "../../../core/oci/digest.js"
import { defaultPolicy, type Policy } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { parseVerdict } from "../../../core/policy/verdict/parse-verdict.js"
import type { Override } from "../../../core/policy/verdict/verdict.js"
import { aFinding, anAssessment, aPlatform, aScan, image, now } from "./build-assessment.js"

const ids = fc.constantFrom("CVE-1-1", "CVE-1-2", "CVE-1-3")
const purls = fc.constantFrom("pkg:deb/debian/bash@5?arch=amd64", "pkg:npm/lodash@4", "")
const effects = fc.constantFrom("block" as const, "report" as const)
const dates = fc.constantFrom(
  "1970-01-01T00:00:00Z",
  "2026-06-10T00:00:00Z",
  "2026-06-15T00:00:00Z",
  "2027-01-01T00:00:00Z",
  "?",
)
const signatures: fc.Arbitrary<SignatureFact> = fc.record(
  {
    status: fc.constantFrom(...signatureStatuses),
    publisher: fc.constantFrom("acme", ""),
    key: fc.constantFrom("k1", "k2"),
  },
  { requiredKeys: ["status"] },
)
const names = fc.uniqueArray(fc.constantFrom("pkg:npm/a", "pkg:npm/b", "pkg:npm/c"))
const findings = fc
  .record({ id: ids, aliases: fc.array(ids, { maxLength: 1 }), severity: fc.constantFrom(...severities), purl: purls })
  .map(aFinding)
const platforms: fc.Arbitrary<PlatformAssessment> = fc
  .record(
    {
      platform: fc.constantFrom("linux/amd64", "linux/arm64"),
      findings: fc.array(findings, { maxLength: 4 }),
      packageNames: names,
      created: dates,
      attestations: fc.array(
        fc.record({ signature: signatures, created: dates }).map((one) => ({
          ...{ predicateType: "https://slsa.dev/provenance/v1", referrer: digestOf(canonicalJson(one)) },
          ...one,
        })),
        { maxLength: 3 },
      ),
      comparison: fc.record({ onlyInImage: names, onlyInSbom: names, common: fc.nat(1) }),
    },
    { requiredKeys: ["platform", "findings", "packageNames"] },
  )
  .map(({ platform, findings: found, packageNames, ...more }) =>
    aPlatform(platform, { scan: aScan({ findings: found, packageNames }), ...more }),
  )
const feed = dates
  .filter((date) => date !== "?")
  .map((date) => ({ source: "f", digest: digestOf("f"), date, entries: 3 }))
const risks: fc.Arbitrary<RiskData> = fc.record(
  {
    knownExploited: fc.record({
      feed,
      entries: fc
        .uniqueArray(ids)
        .map((list) => list.map((id) => ({ id, dateAdded: "2026-01-01", ransomware: false }))),
    }),
    epss: fc.record({
      feed,
      scores: fc.uniqueArray(ids).map((list) => list.map((id, at) => ({ id, score: at / 3, percentile: at / 3 }))),
    }),
    problems: fc.constantFrom([], [{ feed: "epss" as const, message: "no route" }]),
  },
  { requiredKeys: ["problems"] },
)
const baselines: fc.Arbitrary<BaselineResult> = fc
  .array(
    fc.record(
      {
        platform: fc.constantFrom("linux/amd64", "linux/s390x"),
        digest: fc.constant(digestOf("golden")),
        findings: fc.array(
          fc.record({ id: ids, package: fc.constant("pkg:npm/lodash"), severity: fc.constant("HIGH") }),
        ),
        packages: names,
        created: dates,
      },
      { requiredKeys: ["platform", "digest", "findings"] },
    ),
    { maxLength: 3 },
  )
  .map((list) => ({
    kind: "compared",
    baseline: { reference: "golden/app:1", digest: digestOf("golden"), platforms: list },
  }))
const images: fc.Arbitrary<Assessment> = fc
  .record(
    { platforms: fc.array(platforms, { maxLength: 3 }), signature: signatures, risk: risks, baseline: baselines },
    { requiredKeys: ["platforms"] },
  )
  .map(({ platforms: list, ...more }) => anAssessment(list, more))

const exceptions = fc.record({ id: ids }).map(({ id }) => ({ id, images: [], platforms: [], reason: "r" }))
const policies: fc.Arbitrary<Policy> = fc
  .record(
    {
      severity: fc.constantFrom(...severities),
      fixableOnly: fc.boolean(),
      exceptions: fc.array(exceptions, { maxLength: 2 }),
      knownExploited: effects,
      epss: fc.record({ threshold: fc.constantFrom(0, 0.3, 0.6), effect: effects }),
      regression: effects.map((effect) => ({
        ...{ newFindings: effect, newPackages: effect, platformDropped: effect, rollback: effect, baseOs: effect },
      })),
      crossExamination: effects,
      signatures: fc.record({ image: effects, sbom: effects, evidence: effects }),
      evidence: fc.constantFrom(
        { required: [], copy: "all" as const },
        { required: ["https://slsa.dev/provenance/v1"], copy: "all" as const, maxAge: 7 * 24 * 60 * 60 * 1000 },
      ),
    },
    { requiredKeys: ["severity", "exceptions", "signatures", "evidence"] },
  )
  .map((more) => ({
    ...defaultPolicy(),
    trusted: [{ publisher: "acme", keys: [{ pem: "-", fingerprint: "k1" }], identities: [], images: [] }],
    ...more,
  }))
const overrides: fc.Arbitrary<Override> = fc.record({
  digest: fc.constantFrom(image.digest, digestOf("other")),
  approver: fc.constant("jane"),
  reason: fc.constant("r"),
  reference: fc.constant("i"),
  cves: fc.uniqueArray(ids, { minLength: 1 }),
  expires: fc.constantFrom("2026-06-01T00:00:00Z", "2026-06-20T00:00:00Z"),
  grantedAt: fc.constant("2026-06-01T00:00:00Z"),
})

const shuffle = <T>(items: readonly T[], seed: number): T[] =>
  items.map((_, at) => items[(at + seed) % items.length] as T).reverse()

/** The same facts, each list in another order. */
function shuffled({ platforms: list, risk, baseline, ...rest }: Assessment, seed: number): Assessment {
  const mix = <T>(items: readonly T[]) => shuffle(items, seed)
  return {
    ...rest,
    platforms: mix(list).map(({ scan, attestations, ...one }) => ({
      ...one,
      ...(scan === undefined ? {} : { scan: { ...scan, findings: mix(scan.findings) } }),
      ...(attestations === undefined ? {} : { attestations: mix(attestations) }),
    })),
    ...(risk === undefined
      ? {}
      : {
          risk: {
            ...(risk.knownExploited && {
              knownExploited: { ...risk.knownExploited, entries: mix(risk.knownExploited.entries) },
            }),
            ...(risk.epss && { epss: { ...risk.epss, scores: mix(risk.epss.scores) } }),
            problems: mix(risk.problems),
          },
        }),
    ...(baseline?.kind === "compared"
      ? { baseline: { ...baseline, baseline: { ...baseline.baseline, platforms: mix(baseline.baseline.platforms) } } }
      : {}),
  }
}

describe("every verdict with all that can be observed", () => {
  it("replays to the same bytes from the stored assessment, and can be read back", () => {
    fc.assert(
      fc.property(images, policies, fc.option(overrides, { nil: undefined }), (assessment, policy, override) => {
        const options = { now, ...(override === undefined ? {} : { override }) }
        const verdict = evaluate(assessment, policy, options)
        const again = evaluate(parseAssessment(canonicalJson(assessment)), policy, options)
        expect(canonicalJson(again)).toBe(canonicalJson(verdict))
        expect(parseVerdict(canonicalJson(verdict))).toEqual(verdict)
      }),
      { numRuns: 200 },
    )
  })

  it("is the same bytes for every order", () => {
    fc.assert(
      fc.property(images, policies, fc.nat(7), (assessment, policy, seed) => {
        const other = { ...policy, exceptions: shuffle(policy.exceptions, seed) }
        const again = evaluate(shuffled(assessment, seed), other, { now })
        expect(canonicalJson(again)).toBe(canonicalJson(evaluate(assessment, policy, { now })))
      }),
      { numRuns: 200 },
    )
  })

  it("blocks no more with an exception more, or with an override", () => {
    fc.assert(
      fc.property(images, policies, exceptions, overrides, (assessment, policy, exception, override) => {
        const before = evaluate(assessment, policy, { now })
        const wider = { ...policy, exceptions: [...policy.exceptions, exception] }
        for (const after of [evaluate(assessment, wider, { now }), evaluate(assessment, policy, { now, override })]) {
          expect(before.remaining).toEqual(expect.arrayContaining([...after.remaining]))
          expect(after.blocking).toEqual(before.blocking)
          expect(after.findings).toHaveLength(before.findings.length)
          expect(after.passed || !before.passed).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it("splits what blocks into remaining, excepted and overridden, and lets nothing else pass", () => {
    fc.assert(
      fc.property(images, policies, overrides, (assessment, policy, override) => {
        const verdict = evaluate(assessment, policy, { now, override })
        const overridden = verdict.findings.filter(({ judgement }) => judgement === "overridden")
        const all = new Set([...verdict.remaining, ...verdict.excepted, ...overridden.map(({ id }) => id)])
        expect([...all].sort()).toEqual(verdict.blocking)
        expect(verdict.excepted.filter((id) => verdict.remaining.includes(id))).toEqual([])
        for (const { id, aliases } of overridden) {
          expect(verdict.override?.covered.some((name) => [id, ...aliases].includes(name))).toBe(true)
        }
        if (verdict.passed) expect(verdict.remaining).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
