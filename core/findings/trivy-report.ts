// Trivy's JSON report of one platform as findings. Trivy answers an unsupported system with an empty report and exit
// code 0, so "no findings" means nothing until something was recognised: `recognised` and `hasResults` tell.
// https://trivy.dev/docs/latest/configuration/reporting/#json
import { checkSchema, type JsonBounds, parseJson } from "../oci/json.js"
import type { UnassessedPackage } from "./assessment.js"
import { sortCanonical } from "./canonical-json.js"
import type { Finding } from "./finding.js"
import { listPackages } from "./listed-packages.js"
import { type ListedPackage, whyUnmatched } from "./looked-up.js"
import { isMatched, isOsPackage } from "./matched-packages.js"
import { mergeFindings } from "./merge-findings.js"
import { listFindings, listSuppressed, optional } from "./trivy-findings.js"
import { type TrivyDocument, trivyReportSchema, type TrivyResult } from "./trivy-schema.js"

/** A report with all its packages; the biggest real ones have some ten MiB. */
export const maxReportBytes = 128 * 1024 * 1024
export const maxReportDepth = 100

/** Names the platform a report belongs to, for messages. */
export type ReportOrigin = { readonly platform: string; readonly digest: string }

export type ReportedPackage = { readonly name: string; readonly version: string; readonly purl?: string }

export type TrivyReport = {
  readonly os?: { readonly family: string; readonly name: string; readonly endOfLife: boolean }
  /** The packages that the report lists (`--list-all-pkgs`, Trivy's default) and that the scanner can match. */
  readonly packages: readonly ReportedPackage[]
  /** Those that it lists and never matches with an advisory, each once, with the reason. */
  readonly unmatched: readonly UnassessedPackage[]
  /** Packages of an operating system are listed that the scanner has advisories for. */
  readonly matchedOs: boolean
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Finding[]
  /** How many packages the scanner can match: the listed ones, and those that only a finding names. */
  readonly recognised: number
  /** False when `Results` is missing or empty: nothing was recognised, which is not the same as clean. */
  readonly hasResults: boolean
  /** What the report says of itself; only for reports that were made elsewhere. */
  readonly about: ReportInfo
}

export type ReportInfo = {
  readonly artifactName?: string
  readonly artifactType?: string
  /** `os/architecture[/variant]` of the image's configuration. */
  readonly platform?: string
  readonly repoDigests: readonly string[]
  readonly scannerVersion?: string
  readonly createdAt?: string
}

/** Reads a report; throws `REPORT_INVALID` with the paths of what is malformed. */
export function parseTrivyReport(text: string, origin: ReportOrigin): TrivyReport {
  const name = `Trivy's report of ${origin.platform} (${origin.digest})`
  const report = parseDocument(text, name)
  const results = report.Results ?? []
  const findings = mergeFindings(results.flatMap(listFindings))
  const suppressed = mergeFindings(results.flatMap((result) => listSuppressed(result, name)))
  const listed = results.flatMap(listPackages).map((item) => ({ item, why: whyUnmatched(item, origin.platform) }))
  const matched = listed.filter(({ why }) => why === undefined).map(({ item }) => item)
  const packages = matched.map(({ name, version, purl }) => ({ name, version, ...optional("purl", purl) }))
  const os = osOf(report)
  return {
    ...(os === undefined ? {} : { os }),
    packages,
    unmatched: unmatchedOf(listed),
    matchedOs: listed.some(({ item }) => isMatched(item) && isOsPackage(item)) || results.some(findsInOs),
    findings,
    suppressed,
    recognised: countRecognised(packages, [...findings, ...suppressed]),
    hasResults: results.length > 0,
    about: infoOf(report),
  }
}

/** Labels of the image are named by whoever built it: `maintainer` beside `Maintainer` is two labels to all readers. */
const freeMaps: ReadonlySet<string> = new Set(["Labels"])

export function reportBounds(what: string): JsonBounds {
  return { code: "REPORT_INVALID", what, maxBytes: maxReportBytes, maxDepth: maxReportDepth, freeMaps }
}

type Judged = { readonly item: ListedPackage; readonly why: string | undefined }

function parseDocument(text: string, what: string): TrivyDocument {
  return checkSchema(trivyReportSchema, parseJson(text, reportBounds(what)), "REPORT_INVALID", what)
}

function unmatchedOf(listed: readonly Judged[]): UnassessedPackage[] {
  const found = listed.flatMap(({ item: { purl, name, version }, why }) =>
    why === undefined ? [] : [{ purl, name, version, reason: why }],
  )
  return sortCanonical([...new Map(found.map((item) => [JSON.stringify(item), item])).values()])
}

// Reports that leave out the list of packages.
function findsInOs({ Class, Vulnerabilities }: TrivyResult): boolean {
  return Class === "os-pkgs" && (Vulnerabilities ?? []).length > 0
}

// Reports that leave out the list of packages still prove that a package with a finding was recognised.
function countRecognised(packages: readonly ReportedPackage[], findings: readonly Finding[]): number {
  const key = (name: string, version: string) => JSON.stringify([name, version])
  const listed = new Set(packages.map((item) => key(item.name, item.version)))
  const found = new Set(findings.map((item) => key(item.package, item.version)))
  return packages.length + [...found].filter((item) => !listed.has(item)).length
}

function osOf(report: TrivyDocument): TrivyReport["os"] {
  const os = report.Metadata?.OS
  const family = os?.Family ?? ""
  return family === "" ? undefined : { family, name: os?.Name ?? "", endOfLife: os?.EOSL ?? false }
}

function infoOf(report: TrivyDocument): ReportInfo {
  const config = report.Metadata?.ImageConfig
  const platform = [config?.os, config?.architecture, config?.variant].filter((part) => (part ?? "") !== "")
  return {
    ...optional("artifactName", report.ArtifactName),
    ...optional("artifactType", report.ArtifactType),
    ...(platform.length < 2 ? {} : { platform: platform.join("/") }),
    repoDigests: report.Metadata?.RepoDigests ?? [],
    ...optional("scannerVersion", report.Trivy?.Version),
    ...optional("createdAt", report.CreatedAt),
  }
}
