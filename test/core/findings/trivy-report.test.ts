import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { parseTrivyReport } from "../../../core/findings/trivy-report.js"

const folder = new URL("../../fixtures/trivy/", import.meta.url)
const origin = { platform: "linux/amd64", digest: "sha256:1234" }
const readFixture = (name: string) => parseTrivyReport(readFileSync(new URL(name, folder), "utf8"), origin)
const parse = (value: unknown) => parseTrivyReport(JSON.stringify(value), origin)

function vulnerability(more: Record<string, unknown> = {}) {
  return { VulnerabilityID: "CVE-2024-1", PkgName: "bash", InstalledVersion: "5.0", Severity: "HIGH", ...more }
}

function withVulnerabilities(...vulnerabilities: unknown[]) {
  return parse({ SchemaVersion: 2, Results: [{ Target: "t", Vulnerabilities: vulnerabilities }] })
}

describe("parseTrivyReport", () => {
  it.each(readdirSync(folder).filter((name) => name.startsWith("report-")))("reads Trivy's own %s", (name) => {
    const report = readFixture(name)
    expect(report.findings.length).toBeGreaterThan(0)
    expect(report.recognised).toBeGreaterThan(0)
    expect(report.hasResults).toBe(true)
  })

  it("finds in the SBOM report exactly what Trivy's test expects", () => {
    const { findings, os } = readFixture("report-sbom-fluentd-cyclonedx.json")
    expect(findings.map(({ id, package: name, severity, status }) => [id, name, severity, status])).toEqual([
      ["CVE-2019-18276", "bash", "LOW", "affected"],
      ["CVE-2019-18224", "libidn2-0", "CRITICAL", "fixed"],
      ["CVE-2020-8165", "activesupport", "HIGH", "fixed"],
    ])
    expect(findings[1]?.aliases).toEqual(["DSA-4613-1"])
    expect(findings[1]?.purl).toBe("pkg:deb/debian/libidn2-0@2.0.5-1?distro=debian-10.2")
    expect(os).toEqual({ family: "debian", name: "10.2", endOfLife: false })
  })

  it("tells the end of life of an operating system", () => {
    expect(readFixture("report-image-alpine310.json").os).toEqual({ family: "alpine", name: "3.10.2", endOfLife: true })
  })

  it("knows the platform and scanner of an image report", () => {
    expect(readFixture("report-image-alpine310.json").about).toMatchObject({
      platform: "linux/amd64",
      scannerVersion: "dev",
      artifactType: "container_image",
    })
  })

  it("keeps what Trivy suppressed, with the reason", () => {
    const { suppressed } = readFixture("report-with-suppressed.json")
    expect(suppressed).toHaveLength(1)
    expect(suppressed[0]).toMatchObject({
      id: "CVE-2017-16137",
      severity: "LOW",
      suppression: {
        by: "trivy",
        statement: "not_affected: vulnerable_code_not_in_execute_path",
        source: "./vex.json",
      },
    })
  })

  it("does not take missing results for a clean image", () => {
    const report = parse({ SchemaVersion: 2, ArtifactName: "x" })
    expect(report).toMatchObject({ hasResults: false, recognised: 0, findings: [] })
    expect(parse({ SchemaVersion: 2, Results: null })).toMatchObject({ hasResults: false, recognised: 0 })
  })

  it("counts listed packages, and packages that only a finding names", () => {
    const Packages = [
      { Name: "bash", Version: "5.0", Identifier: { PURL: "pkg:deb/debian/bash@5.0" } },
      { Name: "dash" },
    ]
    const report = parse({
      SchemaVersion: 2,
      Results: [{ Target: "t", Packages, Vulnerabilities: [vulnerability(), vulnerability({ PkgName: "zsh" })] }],
    })
    expect(report.packages).toEqual([{ name: "bash", version: "5.0", purl: "pkg:deb/debian/bash@5.0" }])
    const reason = "the scanner has no detector for it"
    expect(report.unmatched).toEqual([{ name: "dash", version: "", purl: "", reason }])
    expect(report.recognised).toBe(2)
  })

  it.each(["NEGLIGIBLE", "", null, undefined])("takes the severity %j for UNKNOWN", (Severity) => {
    expect(withVulnerabilities(vulnerability({ Severity })).findings[0]?.severity).toBe("UNKNOWN")
  })

  it("joins identical findings and keeps what blocks more easily", () => {
    const { findings } = withVulnerabilities(
      vulnerability({ Severity: "LOW", FixedVersion: "5.1", VendorIDs: ["DSA-1"] }),
      vulnerability({ Severity: "CRITICAL", VendorIDs: ["DSA-2"] }),
    )
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ severity: "CRITICAL", fixedVersion: "5.1", aliases: ["DSA-1", "DSA-2"] })
  })

  it("keeps one finding for each package, version and place", () => {
    const { findings } = withVulnerabilities(vulnerability(), vulnerability({ InstalledVersion: "6" }))
    expect(findings).toHaveLength(2)
  })

  it("names report, platform and path of what is malformed", () => {
    expect(() => withVulnerabilities(vulnerability({ VulnerabilityID: "" }))).toThrow(
      /^\[REPORT_INVALID\] Trivy's report of linux\/amd64 \(sha256:1234\).*Results\[0\]\.Vulnerabilities\[0\]\.VulnerabilityID/,
    )
  })

  it.each([
    ["text that is no JSON", "FATAL error"],
    ["an empty file", ""],
    ["another document", '{"bomFormat":"CycloneDX"}'],
    ["an old schema", '{"SchemaVersion":1,"Results":[]}'],
    ["a list", "[]"],
    ["results that are no list", '{"SchemaVersion":2,"Results":{}}'],
    [
      "a malformed suppressed finding",
      '{"SchemaVersion":2,"Results":[{"ExperimentalModifiedFindings":[{"Type":"vulnerability","Finding":{}}]}]}',
    ],
  ])("refuses %s", (_, text) => {
    expect(() => parseTrivyReport(text, origin)).toThrow("[REPORT_INVALID]")
  })

  it("refuses a document that is nested too deeply", () => {
    expect(() => parseTrivyReport("[".repeat(10_000), origin)).toThrow("[LIMIT_EXCEEDED]")
  })

  it("passes over suppressed findings of other kinds", () => {
    const item = { Type: "misconfiguration", Finding: { ID: "x" } }
    const report = parse({ SchemaVersion: 2, Results: [{ ExperimentalModifiedFindings: [item] }] })
    expect(report.suppressed).toEqual([])
  })
})
