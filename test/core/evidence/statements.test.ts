import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { readStatement, subjectMatches } from "../../../core/attestation/statement.js"
import { acquisitionAnnotations, buildAcquisitionProvenance } from "../../../core/evidence/acquisition-provenance.js"
import { mergeReports, readRawReport } from "../../../core/evidence/raw-report.js"
import { scanAnnotations } from "../../../core/evidence/scan-annotations.js"
import { buildVerdictStatement } from "../../../core/evidence/verdict-statement.js"
import { buildVerificationSummary } from "../../../core/evidence/verification-summary.js"
import { buildVulnStatement } from "../../../core/evidence/vuln-statement.js"
import { parseTrivyReport } from "../../../core/findings/trivy-report.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parseReference } from "../../../core/oci/reference.js"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { anAssessment, image, now } from "../policy/build-assessment.js"

const read = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), "utf8")
const report = read("trivy/report-image-alpine310.json")
const digest = digestOf("subject")
const hex = digest.slice("sha256:".length)

describe("buildVulnStatement", () => {
  const statement = buildVulnStatement({
    subjectName: "registry.example.com/golden/app",
    subjectDigest: digest,
    result: readRawReport({ platform: "linux/amd64", text: report }),
    tool: { name: "trivy", version: "0.73.0" },
    database: { reference: "r.io/trivy-db:2", digest, version: 2, updatedAt: "2026-06-15T06:00:00Z" },
    startedAt: "2026-06-15T11:00:00.123Z",
    finishedAt: "2026-06-15T11:00:10Z",
    invocation: { parameters: ["--method sbom"], uri: "https://ci/1", eventId: "1", builderId: "b" },
  })

  it("is a statement about the subject that readers accept", () => {
    expect(subjectMatches(readStatement(JSON.parse(JSON.stringify(statement)), "x"), digest)).toBe(true)
    expect(statement.predicateType).toBe("https://cosign.sigstore.dev/attestation/vuln/v1")
  })

  it("has the shape of cosign's own predicate", () => {
    const keysOf = (value: unknown): unknown =>
      typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keysOf(item)]))
        : null
    const own = { ...statement.predicate, scanner: { ...statement.predicate.scanner, result: null } }
    const cosign = JSON.parse(read("sigstore/cosign-vuln-predicate.json"))
    expect(keysOf({ ...own, invocation: { ...own.invocation, parameters: null } })).toMatchObject(
      keysOf(cosign) as object,
    )
  })

  it("holds the report unfiltered, and says with which database it was made", () => {
    const { scanner, metadata } = statement.predicate
    expect(scanner.result).toEqual(JSON.parse(report))
    expect(scanner.uri).toBe("pkg:github/aquasecurity/trivy@0.73.0")
    expect(scanner.db).toEqual({ uri: `r.io/trivy-db:2@${digest}`, version: "2", lastUpdate: "2026-06-15T06:00:00Z" })
    expect(metadata).toEqual({ scanStartedOn: "2026-06-15T11:00:00Z", scanFinishedOn: "2026-06-15T11:00:10Z" })
  })
})

describe("mergeReports", () => {
  const debian = read("trivy/report-image-debian-buster.json")
  const reports = [
    { platform: "linux/arm64", text: report },
    { platform: "linux/amd64", text: debian },
  ]

  it("names the platform of every result and loses none", () => {
    const merged = mergeReports("app", reports)
    expect(merged.Results.map(({ Platform }) => Platform)).toEqual(["linux/amd64", "linux/arm64"])
    expect(merged.Platforms.map(({ Platform }) => Platform)).toEqual(["linux/amd64", "linux/arm64"])
    const read = parseTrivyReport(JSON.stringify(merged), { platform: "index", digest })
    expect(read.findings).toHaveLength(6)
  })

  it("does not depend on the order of the platforms", () => {
    expect(mergeReports("app", [...reports].reverse())).toEqual(mergeReports("app", reports))
  })

  it("keeps a platform without results", () => {
    const merged = mergeReports("app", [{ platform: "linux/amd64", text: '{"SchemaVersion":2}' }])
    expect(merged).toMatchObject({ Platforms: [{ Platform: "linux/amd64" }], Results: [] })
  })

  it("refuses what is no report", () => {
    expect(() => mergeReports("app", [{ platform: "linux/amd64", text: "{}" }])).toThrow("[REPORT_INVALID]")
  })
})

describe("scanAnnotations", () => {
  const input = {
    source: "ghcr.io/o/quarantine/app",
    tag: "1",
    threshold: "HIGH",
    exceptions: ["CVE-1", "CVE-2"],
    scannerVersion: "0.73.0",
    method: "image",
  } as const

  it("are those that the composite action writes", () => {
    expect(scanAnnotations({ ...input, created: now })).toEqual({
      "in-toto.io/predicate-type": "https://cosign.sigstore.dev/attestation/vuln/v1",
      "org.opencontainers.image.created": "2026-06-15T12:00:00Z",
      "com.cssc.scan.source": "ghcr.io/o/quarantine/app",
      "com.cssc.scan.tag": "1",
      "com.cssc.scan.threshold": "HIGH",
      "com.cssc.scan.exceptions": "CVE-1|CVE-2",
      "com.cssc.scan.scanner": "trivy",
      "com.cssc.scan.scanner-version": "0.73.0",
      "com.cssc.scan.method": "image",
    })
  })

  it("name the SBOM's predicate type with method sbom alone", () => {
    const predicateType = "https://cyclonedx.org/bom"
    expect(scanAnnotations({ ...input, method: "sbom", predicateType })).toMatchObject({
      "com.cssc.scan.sbom-predicate-type": predicateType,
    })
    expect(scanAnnotations({ ...input, predicateType })).not.toHaveProperty("com.cssc.scan.sbom-predicate-type")
  })

  it("refuse an override without an approver or an issue", () => {
    const override = { approver: "a", issue: "https://i/1", cves: ["CVE-1"] }
    expect(scanAnnotations({ ...input, override })).toMatchObject({ "com.cssc.scan.override-cves": "CVE-1" })
    expect(() => scanAnnotations({ ...input, override: { ...override, issue: "" } })).toThrow("[ARGUMENT_INVALID]")
  })
})

describe("acquisition provenance", () => {
  const acquisition = {
    source: parseReference("docker.io/library/python:3.14-slim"),
    target: parseReference("ghcr.io/o/quarantine/python:3.14-slim"),
    digest,
    acquiredAt: now,
    run: { url: "https://ci/1", id: "1", attempt: "2", actor: "me", workflow: "mirror" },
    referrers: {},
    sourceAuthenticated: false,
  }

  it("is what the composite action writes", () => {
    expect(buildAcquisitionProvenance(acquisition)).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "https://toddysm.com/acquisition-provenance/v0.1",
      subject: [{ name: "ghcr.io/o/quarantine/python", digest: { sha256: hex } }],
      predicate: {
        source: {
          reference: "docker.io/library/python:3.14-slim",
          registry: "docker.io",
          repository: "library/python",
          tag: "3.14-slim",
          digest,
        },
        destination: { reference: "ghcr.io/o/quarantine/python:3.14-slim", digest },
        acquiredAt: "2026-06-15T12:00:00Z",
        runUrl: "https://ci/1",
        actor: "me",
        workflow: { name: "mirror", runId: "1", runAttempt: "2" },
        copyMethod: "oras",
        copyReferrers: true,
        // Ours beside theirs.
        referrers: {},
        sourceAuthenticated: false,
      },
    })
  })

  it("is about the platform on a platform, and names its digest", () => {
    const platform = digestOf("platform")
    const { subject, predicate } = buildAcquisitionProvenance(acquisition, platform)
    expect(subject[0].digest).toEqual({ sha256: platform.slice(7) })
    expect(predicate).toMatchObject({ platformSourceDigest: platform, source: { digest } })
  })

  it("has the annotations of the composite action", () => {
    expect(acquisitionAnnotations(acquisition, "linux/arm/v7")).toEqual({
      "in-toto.io/predicate-type": "https://toddysm.com/acquisition-provenance/v0.1",
      "org.opencontainers.image.title": "acquisition-provenance-linux-arm-v7.json",
      "com.toddysm.acquisition.source": "docker.io/library/python:3.14-slim",
      "com.toddysm.acquisition.source-digest": digest,
      "com.toddysm.acquisition.timestamp": "2026-06-15T12:00:00Z",
      "com.toddysm.acquisition.run-url": "https://ci/1",
    })
  })
})

describe("a verdict as evidence", () => {
  const verdict = evaluate(anAssessment(), defaultPolicy(), { now })
  const blocked = evaluate(anAssessment([]), defaultPolicy(), { now })
  const summarise = (judged: typeof verdict) =>
    buildVerificationSummary({
      subjectName: "golden/app",
      subjectDigest: image.digest,
      verdict: judged,
      verifierId: "https://cssc.dev/verifier",
      resourceUri: "registry.example.com/golden/app",
      policyUri: "policy.yaml",
      inputAttestations: [{ uri: "verdict", digest }],
    })

  it("is about the image that was judged", () => {
    const statement = buildVerdictStatement("registry.example.com/golden/app", verdict)
    expect(statement).toMatchObject({ predicateType: "https://cssc.dev/verdict/v1", predicate: verdict })
    expect(subjectMatches(readStatement(statement, "x"), image.digest)).toBe(true)
  })

  it("is summarised as PASSED, with our level and no other", () => {
    expect(summarise(verdict)).toMatchObject({
      predicateType: "https://slsa.dev/verification_summary/v1",
      predicate: {
        timeVerified: "2026-06-15T12:00:00Z",
        resourceUri: "registry.example.com/golden/app",
        policy: { uri: "policy.yaml", digest: { sha256: verdict.policy.digest.slice(7) } },
        inputAttestations: [{ uri: "verdict", digest: { sha256: hex } }],
        verificationResult: "PASSED",
        verifiedLevels: ["CSSC_GATE_PASSED"],
      },
    })
  })

  it("is summarised as FAILED without any level when it blocks", () => {
    expect(summarise(blocked).predicate).toMatchObject({ verificationResult: "FAILED", verifiedLevels: [] })
  })
})
