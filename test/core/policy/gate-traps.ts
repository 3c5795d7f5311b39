// What the traps of test/core/policy/gate-traps.test.ts are made of: what a scanner says, what a gate that believes it does,
// and what we make of the same.
import type { PlatformAssessment } from "../../../core/findings/assessment.js"
import { parseTrivyReport } from "../../../core/findings/trivy-report.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parseManifest } from "../../../core/oci/manifest.js"
import { mediaTypes } from "../../../core/oci/media-types.js"
import { unassessedPackages } from "../../../core/sbom/coverage.js"
import { imageCoverageProblems, sbomCoverageProblems } from "../../../core/sbom/os-coverage.js"
import { parseSbom } from "../../../core/sbom/sbom.js"
import { selectSbom } from "../../../core/sbom/select-sbom.js"
import { aDescriptor } from "../oci/fixture.js"

export type ReportDocument = {
  readonly Results?: readonly { readonly Vulnerabilities?: readonly { Severity: string }[] }[]
}

/** Exit code 0 unless the report has a finding at HIGH or above: the gate that pipelines write first. */
export function believing(report: ReportDocument): "promote" | "blocked" {
  const findings = (report.Results ?? []).flatMap(({ Vulnerabilities }) => Vulnerabilities ?? [])
  return findings.some(({ Severity }) => ["HIGH", "CRITICAL"].includes(Severity)) ? "blocked" : "promote"
}

/** A report in Trivy's shape that lists some packages and finds nothing in them. */
export function aReport(...purls: string[]): ReportDocument & { readonly SchemaVersion: 2 } {
  return { SchemaVersion: 2, Results: purls.length === 0 ? [] : [resultOf("", "", ...purls)] }
}

/** One result of a report, of a class and type of Trivy's. */
export function resultOf(Class: string, Type: string, ...purls: string[]): object {
  const Packages = purls.map((PURL) => {
    const [, Name, Version] = /([^/]+)@([^?]+)/.exec(PURL) ?? []
    return { Name, Version, Identifier: { PURL } }
  })
  return { Class, Type, Packages }
}

/** A platform that was scanned through an SBOM, as src/pipeline does it. */
export function scannedThrough(document: unknown, report: object, platform = "linux/amd64"): PlatformAssessment {
  const [sbom, text] = [parseSbom(document), JSON.stringify(report)]
  const read = parseTrivyReport(text, { platform, digest: "-" })
  const scan = {
    ...(read.os === undefined ? {} : { os: read.os }),
    packages: read.recognised,
    findings: read.findings,
    suppressed: read.suppressed,
    unassessed: unassessedPackages(sbom, read.packages),
    report: digestOf(text),
  }
  return { platform, digest: digestOf(platform), scan, problems: sbomCoverageProblems(sbom, read) }
}

/** A platform that was scanned through its file system. */
export function scanned(report: object, platform = "linux/amd64"): PlatformAssessment {
  const text = JSON.stringify(report)
  const read = parseTrivyReport(text, { platform, digest: "-" })
  const { os, recognised, findings, suppressed, unmatched } = read
  const scan = { packages: recognised, findings, suppressed, unassessed: unmatched, report: digestOf(text) }
  const problems = imageCoverageProblems(read)
  return { platform, digest: digestOf(platform), scan: os === undefined ? scan : { ...scan, os }, problems }
}

const cyclonedx = "https://cyclonedx.org/bom"

/** What is attached to linux/amd64: a bare statement as Docker Hardened Images have it, in a referrer of its own. */
export function select(predicate: unknown, predicateType = `${cyclonedx}/v1.6`, subject = "linux/amd64") {
  const content = JSON.stringify({
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [{ name: "", digest: { sha256: digestOf(subject).slice(7) } }],
    predicateType,
    predicate,
  })
  const value = {
    mediaType: mediaTypes.ociManifest,
    artifactType: mediaTypes.inToto,
    config: aDescriptor("empty", { mediaType: mediaTypes.ociEmpty }),
    layers: [{ mediaType: mediaTypes.inToto, digest: digestOf(content), size: content.length }],
    annotations: { "in-toto.io/predicate-type": predicateType },
    subject: aDescriptor("linux/amd64"),
  }
  const manifest = parseManifest(JSON.stringify(value), { reference: "registry.test/app" })
  if (manifest.kind !== "image") throw new Error("not an image")
  const candidate = {
    referrer: manifest.digest,
    manifest,
    blob: digestOf(content),
    content,
    signature: { status: "unsigned" } as const,
  }
  return selectSbom([candidate], {
    predicateType: cyclonedx,
    platformDigest: digestOf("linux/amd64"),
    isTrusted: () => false,
  })
}

/** The platform as it is judged after that choice, with the report of the SBOM's scan. */
export function selected(choice: ReturnType<typeof select>, report: object): PlatformAssessment {
  const platform = "linux/amd64"
  if (choice.selected === undefined) return { platform, digest: digestOf(platform), problems: choice.problems }
  return { ...scannedThrough(choice.selected.document, report), sbom: choice.selected.source }
}
