import { describe, expect, it } from "vitest"
import { unsigned } from "../../../core/attestation/signature.js"
import type { ProblemCode } from "../../../core/findings/assessment.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { defaultPolicy, type Policy } from "../../../core/policy/document/policy.js"
import { withShorthands } from "../../../core/policy/document/shorthands.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { aFinding, anAssessment, aPlatform, aScan, now, unscanned, withFindings } from "./build-assessment.js"

const policyOf = (yaml: string) => parsePolicy(`version: 1\n${yaml}`)
const judge = (assessment = anAssessment(), policy: Policy = defaultPolicy()) => evaluate(assessment, policy, { now })
const blockingCodes = (verdict: ReturnType<typeof judge>) =>
  verdict.reasons.filter(({ effect }) => effect === "block").map(({ code }) => code)
const reportedCodes = (verdict: ReturnType<typeof judge>) =>
  verdict.reasons.filter(({ effect }) => effect === "report").map(({ code }) => code)

describe("evaluate", () => {
  it("passes an image whose platforms were all scanned and have nothing at the threshold", () => {
    const verdict = judge()
    expect(verdict).toMatchObject({
      outcome: "promote",
      passed: true,
      reasons: [],
      evaluatedAt: "2026-06-15T12:00:00.000Z",
    })
    expect(verdict.platforms.map(({ platform }) => platform)).toEqual(["linux/amd64", "linux/arm64"])
  })

  it("blocks when one platform has a finding at the threshold", () => {
    const verdict = judge(anAssessment([aPlatform("linux/amd64"), withFindings("linux/arm64", aFinding())]))
    expect(verdict).toMatchObject({
      outcome: "blocked",
      passed: false,
      blocking: ["CVE-2026-1"],
      remaining: ["CVE-2026-1"],
    })
    expect(verdict.platforms.map(({ blocking }) => blocking)).toEqual([[], ["CVE-2026-1"]])
    expect(verdict.reasons).toEqual([
      {
        code: "FINDINGS",
        effect: "block",
        platform: "linux/arm64",
        message: "linux/arm64: 1 vulnerability at HIGH or above: CVE-2026-1",
      },
    ])
  })

  it("keeps findings below the threshold", () => {
    const verdict = judge(anAssessment([withFindings("linux/amd64", aFinding({ severity: "MEDIUM" }))]))
    expect(verdict).toMatchObject({ passed: true, blocking: [], findings: [{ judgement: "below-threshold" }] })
  })

  it("keeps what the scanner suppressed, with its reason", () => {
    const suppression = { by: "trivy", statement: "not_affected", source: "vex.json" }
    const scan = aScan({ suppressed: [aFinding({ suppression })] })
    const verdict = judge(anAssessment([aPlatform("linux/amd64", { scan })]))
    expect(verdict.findings).toMatchObject([{ judgement: "suppressed", because: suppression }])
    expect(verdict.passed).toBe(true)
  })

  it("never passes without a platform", () => {
    const verdict = judge(anAssessment([]))
    expect(verdict).toMatchObject({ outcome: "blocked", passed: false })
    expect(blockingCodes(verdict)).toEqual(["NO_INPUT"])
  })

  it.each<ProblemCode>([
    "SBOM_MISSING",
    "SBOM_FOREIGN_SUBJECT",
    "SBOM_UNREADABLE",
    "SBOM_EMPTY",
    "SBOM_AMBIGUOUS",
    "REFERRERS_UNREADABLE",
  ])("blocks as a missing SBOM when one platform has the problem %s", (code) => {
    const verdict = judge(anAssessment([withFindings("linux/amd64", aFinding()), unscanned("linux/arm64", code)]))
    expect(verdict).toMatchObject({ outcome: "blocked-missing-sbom", passed: false })
    expect(verdict.platforms.map(({ missingSbom }) => missingSbom)).toEqual([false, true])
  })

  it.each<[ProblemCode, string]>([
    ["REPORT_UNREADABLE", "SCAN_FAILED"],
    ["SCANNER_FAILED", "SCAN_FAILED"],
    ["PLATFORM_UNKNOWN", "PLATFORM_MISSING"],
  ])("blocks for the problem %s by the reason %s, whatever the policy says", (problem, reason) => {
    const policy = policyOf("unassessed: report\nend-of-life: report")
    const verdict = judge(anAssessment([unscanned("linux/amd64", problem)]), policy)
    expect(verdict.outcome).toBe("blocked")
    expect(blockingCodes(verdict)).toEqual([reason])
  })

  it("blocks when a platform was not scanned and nothing says why", () => {
    const { scan: _, ...platform } = aPlatform("linux/amd64")
    expect(blockingCodes(judge(anAssessment([platform])))).toEqual(["SCAN_FAILED"])
  })
})

describe("evaluate, on what nobody could assess", () => {
  const dhi = { purl: "pkg:dhi/python@3.14.0", name: "python", version: "3.14.0" }
  const cases: [string, Parameters<typeof aPlatform>[1], string, string][] = [
    ["packages", { scan: aScan({ unassessed: [dhi] }) }, "UNASSESSED", "unassessed: {packages: report}"],
    [
      "a report without packages",
      { scan: aScan({ packages: 0 }) },
      "UNASSESSED",
      "unassessed: {nothing-recognised: report}",
    ],
    [
      "an unsupported OS",
      { problems: [{ code: "OS_UNSUPPORTED", message: "x" }] },
      "UNASSESSED",
      "unassessed: {unsupported-os: report}",
    ],
    [
      "an OS at its end of life",
      { scan: aScan({ os: { family: "debian", name: "9", endOfLife: true } }) },
      "END_OF_LIFE",
      "end-of-life: report",
    ],
  ]

  it.each(cases)("is unassessed for %s, and passes with a report when the policy says so", (_, more, code, yaml) => {
    const assessment = anAssessment([aPlatform("linux/amd64", more)])
    const verdict = judge(assessment)
    expect(verdict).toMatchObject({ outcome: "unassessed", passed: false })
    expect(blockingCodes(verdict)).toEqual([code])
    const told = judge(assessment, policyOf(yaml))
    expect(told.passed).toBe(true)
    expect(reportedCodes(told)).toEqual([code])
  })

  it("does not let one kind of shortcoming through because another may pass", () => {
    const assessment = anAssessment([aPlatform("linux/amd64", { scan: aScan({ packages: 0 }) })])
    expect(judge(assessment, policyOf("unassessed: {packages: report}")).outcome).toBe("unassessed")
  })

  it("passes packages that an exception names, and still counts them", () => {
    const assessment = anAssessment([aPlatform("linux/amd64", { scan: aScan({ unassessed: [dhi] }) })])
    const verdict = judge(
      assessment,
      policyOf("exceptions: [{package: 'pkg:dhi/*', reason: own advisories, expires: 2026-12-31}]"),
    )
    expect(verdict.passed).toBe(true)
    expect(verdict.platforms[0]?.unassessed).toEqual([dhi])
    expect(reportedCodes(verdict)).toEqual(["UNASSESSED"])
    expect(verdict.exceptions).toMatchObject([{ package: "pkg:dhi/*", state: "used", uses: 1 }])
  })

  it("blocks packages beside those that an exception names", () => {
    const other = { purl: "pkg:oci/thing@1", name: "thing", version: "1" }
    const assessment = anAssessment([aPlatform("linux/amd64", { scan: aScan({ unassessed: [dhi, other] }) })])
    const verdict = judge(assessment, policyOf("exceptions: [{package: 'pkg:dhi/*', reason: r}]"))
    expect(verdict.outcome).toBe("unassessed")
    expect(verdict.reasons[0]?.message).toBe("linux/amd64: 1 package that nothing could assess: pkg:oci/thing@1")
  })

  it("is blocked, not unassessed, when there is a finding too", () => {
    const scan = aScan({ unassessed: [dhi], findings: [aFinding()] })
    expect(judge(anAssessment([aPlatform("linux/amd64", { scan })])).outcome).toBe("blocked")
  })
})

describe("evaluate, on severity", () => {
  const unknown = anAssessment([withFindings("linux/amd64", aFinding({ severity: "UNKNOWN" }))])

  it("reports an unknown severity by default", () => {
    const verdict = judge(unknown)
    expect(verdict.passed).toBe(true)
    expect(reportedCodes(verdict)).toEqual(["UNKNOWN_SEVERITY"])
  })

  it("blocks an unknown severity when the policy says so", () => {
    const verdict = judge(unknown, policyOf("unknown-severity: block"))
    expect(verdict).toMatchObject({ outcome: "blocked", remaining: ["CVE-2026-1"] })
    expect(blockingCodes(verdict)).toEqual(["UNKNOWN_SEVERITY"])
  })

  it("ignores findings without a fix under fixable-only, and keeps them", () => {
    const findings = [aFinding({ id: "CVE-1-1" }), aFinding({ id: "CVE-1-2", fixedVersion: "6" })]
    const verdict = judge(anAssessment([withFindings("linux/amd64", ...findings)]), policyOf("fixable-only: true"))
    expect(verdict.remaining).toEqual(["CVE-1-2"])
    expect(verdict.findings.map(({ id, judgement }) => [id, judgement])).toEqual([
      ["CVE-1-1", "ignored"],
      ["CVE-1-2", "blocking"],
    ])
  })
})

describe("evaluate, on exceptions", () => {
  const assessment = anAssessment([withFindings("linux/amd64", aFinding()), withFindings("linux/arm64", aFinding())])

  it("passes when every finding is accepted, and says by whom", () => {
    const verdict = judge(assessment, withShorthands(defaultPolicy(), { exceptions: " CVE-2026-1 | CVE-2026-2 |" }))
    expect(verdict).toMatchObject({ passed: true, blocking: ["CVE-2026-1"], remaining: [], excepted: ["CVE-2026-1"] })
    expect(verdict.findings[0]).toMatchObject({
      judgement: "excepted",
      because: { by: "policy", statement: "accepted by the exceptions argument" },
    })
    expect(verdict.exceptions).toMatchObject([
      { id: "CVE-2026-1", state: "used", uses: 2 },
      { id: "CVE-2026-2", state: "unused", uses: 0 },
    ])
  })

  it("blocks again when the exception has expired, and lists it", () => {
    const verdict = judge(assessment, policyOf("exceptions: [{id: CVE-2026-1, reason: r, expires: 2026-06-14}]"))
    expect(verdict.passed).toBe(false)
    expect(reportedCodes(verdict)).toEqual(["EXCEPTION_EXPIRED"])
    expect(verdict.exceptions).toMatchObject([{ state: "expired", uses: 0 }])
  })

  it("counts an exception until the end of its last day, and warns before", () => {
    const policy = policyOf("exceptions: [{id: CVE-2026-1, reason: r, expires: 2026-06-15}]")
    expect(evaluate(assessment, policy, { now: new Date("2026-06-15T23:59:59Z") })).toMatchObject({
      passed: true,
      exceptions: [{ state: "expiring", uses: 2 }],
    })
    expect(evaluate(assessment, policy, { now: new Date("2026-06-16T00:00:00Z") }).passed).toBe(false)
  })

  it("keeps an id blocking when only one platform is excepted", () => {
    const verdict = judge(assessment, policyOf("exceptions: [{id: CVE-2026-1, platforms: [linux/arm64], reason: r}]"))
    expect(verdict).toMatchObject({ passed: false, remaining: ["CVE-2026-1"], excepted: [] })
    expect(verdict.platforms.map(({ blocking }) => blocking.length)).toEqual([1, 0])
  })

  it("does not list exceptions for other images", () => {
    const verdict = judge(
      assessment,
      policyOf("exceptions: [{id: CVE-2026-1, images: ['registry.example.com/other/*'], reason: r}]"),
    )
    expect(verdict).toMatchObject({ passed: false, exceptions: [] })
  })

  it("never accepts findings by a package alone", () => {
    const verdict = judge(assessment, policyOf("exceptions: [{package: 'pkg:deb/debian/bash', reason: r}]"))
    expect(verdict.passed).toBe(false)
  })
})

describe("evaluate, on the database and the tools", () => {
  it.each([
    ["DATABASE_UNKNOWN", undefined, "database: {unknown: report}"],
    ["DATABASE_UNKNOWN", { version: 2, updatedAt: "2026-06-16T06:00:00Z" }, "database: {unknown: report}"],
    ["DATABASE_UNKNOWN", { version: 2, updatedAt: "yesterday" }, "database: {unknown: report}"],
    ["DATABASE_STALE", { version: 2, updatedAt: "2026-06-10T11:00:00Z" }, "database: {stale: report}"],
  ])("is unassessed by %s, and only told when the policy says so", (code, database, yaml) => {
    const { database: _, ...rest } = anAssessment()
    const assessment = { ...rest, ...(database === undefined ? {} : { database }) }
    const verdict = judge(assessment)
    expect(verdict.outcome).toBe("unassessed")
    expect(blockingCodes(verdict)).toEqual([code])
    expect(judge(assessment, policyOf(yaml)).passed).toBe(true)
  })

  it("accepts a database up to the policy's age", () => {
    const assessment = anAssessment(undefined, { database: { version: 2, updatedAt: "2026-06-14T12:00:00Z" } })
    expect(judge(assessment, policyOf("database: {max-age: 24h}")).passed).toBe(true)
    const verdict = judge(assessment, policyOf("database: {max-age: 23h}"))
    expect(verdict.reasons[0]?.message).toBe(
      "the vulnerability database of 2026-06-14T12:00:00Z is 1d old; allowed: 23h",
    )
  })

  it.each([
    { name: "trivy", version: "0.69.4" },
    { name: "trivy", version: "v0.69.6" },
    {
      name: "toolbox",
      version: "1",
      digest: "sha256:5aaa1d7cfa9ca4649d6ffad165435c519dc836fa6e21b729a2174ad10b057d2b",
    },
    {
      name: "t",
      version: "1",
      digest: "r.io/t@sha256:425cd3e1a2846ac73944e891250377d2b03653e6f028833e30fc00c1abbc6d33",
    },
  ])("blocks when a known malicious tool was used: $name $version", (tool) => {
    expect(blockingCodes(judge(anAssessment(undefined, { tools: [tool] })))).toEqual(["TOOL_DENIED"])
  })

  it.each(["constructor", "__proto__", "toString"])("takes a tool named %s for no malicious one", (name) => {
    expect(judge(anAssessment(undefined, { tools: [{ name, version: "1" }] })).passed).toBe(true)
  })

  it("refuses a method that the policy does not accept", () => {
    expect(blockingCodes(judge(anAssessment(), policyOf("method: image")))).toEqual(["METHOD_REFUSED"])
  })
})

describe("evaluate, on platforms and evidence", () => {
  it("blocks when a required platform is missing", () => {
    const verdict = judge(
      anAssessment([aPlatform("linux/amd64")]),
      policyOf("platforms: {required: [linux/amd64, linux/arm64]}"),
    )
    expect(verdict.outcome).toBe("blocked")
    expect(verdict.reasons).toMatchObject([{ code: "PLATFORM_MISSING", effect: "block", platform: "linux/arm64" }])
  })

  it("judges all platforms when some are required", () => {
    const assessment = anAssessment([aPlatform("linux/amd64"), withFindings("linux/arm64", aFinding())])
    expect(judge(assessment, policyOf("platforms: {required: [linux/amd64]}")).passed).toBe(false)
  })

  it("only tells of platforms beside those that the policy lists", () => {
    const assessment = anAssessment([
      aPlatform("linux/amd64"),
      withFindings("linux/arm64", aFinding()),
      unscanned("linux/s390x", "SBOM_MISSING"),
    ])
    const verdict = judge(assessment, policyOf("platforms: [linux/amd64]"))
    expect(verdict.passed).toBe(true)
    expect(verdict.findings).toMatchObject([{ judgement: "ignored", platform: "linux/arm64" }])
    expect(reportedCodes(verdict)).toEqual(["MISSING_SBOM"])
  })

  it("blocks when none of the listed platforms is there", () => {
    expect(judge(anAssessment(), policyOf("platforms: [linux/riscv64]")).passed).toBe(false)
  })

  it("blocks when required evidence is missing, or nobody looked for it", () => {
    const policy = policyOf("evidence: {required: ['https://slsa.dev/provenance/v1', 'https://cyclonedx.org/bom']}")
    const types = ["https://slsa.dev/provenance/v1", "https://cyclonedx.org/bom/v1.6"]
    const attestations = types.map((predicateType) => ({
      predicateType,
      referrer: digestOf(predicateType),
      signature: unsigned,
    }))
    expect(judge(anAssessment([aPlatform("linux/amd64", { attestations })]), policy).passed).toBe(true)
    expect(blockingCodes(judge(anAssessment([aPlatform("linux/amd64", { attestations: [] })]), policy))).toEqual([
      "EVIDENCE_MISSING",
    ])
    expect(blockingCodes(judge(anAssessment([aPlatform("linux/amd64")]), policy))).toEqual(["EVIDENCE_MISSING"])
  })
})
