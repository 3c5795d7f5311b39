import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { assessReports } from "../../../core/assess/assess-reports.js"
import { canonicalJson } from "../../../core/findings/canonical-json.js"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { requireFreshVerdict } from "../../../core/policy/verdict/freshness.js"
import { aFinding, anAssessment, now, withFindings } from "../policy/build-assessment.js"

const fixture = (name: string) => ({
  name: `reports/${name}`,
  text: readFileSync(new URL(`../../fixtures/trivy/${name}`, import.meta.url), "utf8"),
})
const assess = (files: { name: string; text: string }[]) => assessReports(files, { now })

describe("assessReports", () => {
  it("takes our own assessment as it is", () => {
    const assessment = anAssessment([withFindings("linux/amd64", aFinding())])
    const files = [{ name: "out/assessment.json", text: canonicalJson(assessment) }, fixture("report-fs-npm.json")]
    expect(assess(files)).toEqual(assessment)
  })

  it("reads every Trivy report as a platform, named by the image's configuration or the file", () => {
    const debian = { ...fixture("report-sbom-fluentd-cyclonedx.json"), name: "report-linux_arm64.json" }
    const { platforms, tools } = assess([debian, fixture("report-image-alpine310.json")])
    expect(platforms.map(({ platform, scan }) => [platform, scan?.findings.length])).toEqual([
      ["linux/arm64", 3],
      ["linux/amd64", 4],
    ])
    expect(tools).toEqual([{ name: "trivy", version: "dev" }])
  })

  it("names a system that the scanner does not know, and packages that it only lists", () => {
    const conda = { Name: "openssl", Version: "1.0.1", Identifier: { PURL: "pkg:conda/openssl@1.0.1" } }
    const Results = [{ Class: "lang-pkgs", Type: "conda-pkg", Packages: [conda] }]
    const codes = (more: object) => {
      const text = JSON.stringify({ SchemaVersion: 2, Results, ...more })
      const [platform] = assess([{ name: "a.json", text }]).platforms
      expect(platform?.scan?.unassessed).toEqual([
        {
          purl: "pkg:conda/openssl@1.0.1",
          name: "openssl",
          version: "1.0.1",
          reason: "the scanner has no detector for it",
        },
      ])
      return platform?.problems.map(({ code }) => code)
    }
    const unknown = { Metadata: { OS: { Family: "none" } } }
    expect(codes({ ArtifactType: "container_image" })).toEqual(["OS_UNSUPPORTED"])
    expect(codes({ ArtifactType: "filesystem", ...unknown })).toEqual(["OS_UNSUPPORTED"])
    expect(codes({})).toEqual(["OS_UNSUPPORTED"])
    expect(codes({ ArtifactType: "filesystem" })).toEqual([])
    expect(codes({ ArtifactType: "cyclonedx" })).toEqual([])
  })

  it("passes over no report that says it is one of our documents", () => {
    const { name, text } = fixture("report-fs-npm.json")
    for (const own of ["verdict", "assessment"]) {
      const claiming = JSON.stringify({ schema: `https://cssc.dev/${own}/v1`, ...(JSON.parse(text) as object) })
      expect(assess([{ name, text: claiming }]).platforms).toHaveLength(1)
    }
    const verdict = evaluate(assess([fixture("report-fs-npm.json")]), defaultPolicy(), { now })
    expect(assess([{ name: "verdict.json", text: canonicalJson(verdict) }]).platforms).toEqual([])
  })

  it("never passes without reports", () => {
    const files = [{ name: "summary.md", text: "# ok" }]
    expect(evaluate(assess(files), defaultPolicy(), { now }).reasons.map(({ code }) => code)).toContain("NO_INPUT")
  })

  it.each(["report.json", "assessment.json"])("blocks for a %s that cannot be read", (name) => {
    const verdict = evaluate(assess([{ name, text: "{" }, fixture("report-fs-npm.json")]), defaultPolicy(), { now })
    expect(verdict.outcome).toBe("blocked")
    expect(verdict.reasons[0]).toMatchObject({ effect: "block" })
    expect(verdict.reasons.map(({ code }) => code)).toContain("SCAN_FAILED")
  })

  it("passes over our own other documents", () => {
    const verdict = canonicalJson(evaluate(anAssessment(), defaultPolicy(), { now }))
    const text = '{"schema":"https://cssc.dev/verdict/v1","outcome":"promote"}'
    expect(assess([{ name: "verdict.json", text }]).platforms).toEqual([])
    expect(assess([{ name: "verdict.json", text: verdict }]).platforms).toEqual([])
  })

  it("denies a malicious scanner that a report names", () => {
    const text = JSON.stringify({ SchemaVersion: 2, Trivy: { Version: "0.69.4" }, Results: [] })
    const verdict = evaluate(assess([{ name: "a.json", text }]), defaultPolicy(), { now })
    expect(verdict.reasons.map(({ code }) => code)).toContain("TOOL_DENIED")
  })
})

describe("requireFreshVerdict", () => {
  const verdict = evaluate(anAssessment(), defaultPolicy(), { now })
  const after = (hours: number) => () =>
    requireFreshVerdict(verdict, defaultPolicy(), new Date(now.getTime() + hours * 3_600_000))

  it("accepts a verdict up to its age, and none from the future", () => {
    expect(after(24)).not.toThrow()
    expect(after(24.1)).toThrow(/^\[VERDICT_STALE\] .*expected at most 1d before/)
    expect(after(-1)).toThrow("[VERDICT_STALE]")
  })
})
