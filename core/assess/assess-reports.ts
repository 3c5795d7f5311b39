// Reports that were made elsewhere as an assessment. They are claims: good enough to be judged and shown, never the
// basis of a promotion. What cannot be read is a problem, never silence.
import { CsscError } from "../errors.js"
import type {
  Assessment,
  DatabaseInfo,
  PlatformAssessment,
  Problem,
  ScanMethod,
  ToolInfo,
} from "../findings/assessment.js"
import { compareCanonical, compareText } from "../findings/canonical-json.js"
import { parseAssessment } from "../findings/parse-assessment.js"
import { maxReportBytes, parseTrivyReport, type ReportInfo, type TrivyReport } from "../findings/trivy-report.js"
import { type Digest, digestOf, isDigest } from "../oci/digest.js"
import { foldedKeys } from "../oci/folded-keys.js"
import { isRecord } from "../oci/json.js"
import { isoTime } from "../oci/moment.js"
import { imageCoverageProblems } from "../sbom/os-coverage.js"

export type ReportFile = { readonly name: string; readonly text: string }

/** What the reports do not say themselves. */
export type AssessReportsOptions = {
  readonly now: Date
  readonly image?: Assessment["image"]
  readonly method?: ScanMethod
  readonly predicateType?: string
  readonly database?: DatabaseInfo
  readonly tools?: readonly ToolInfo[]
}

type ReadReport = { readonly platform: PlatformAssessment; readonly about?: ReportInfo }

const assessmentFile = "assessment.json"
const ownSchemas = "https://cssc.dev/"

/**
 * Our own `assessment.json` when it is there; else every `*.json` as Trivy's report of one platform. Without any, the
 * assessment has no platforms, which never passes.
 */
export function assessReports(files: readonly ReportFile[], options: AssessReportsOptions): Assessment {
  const own = files.find(({ name }) => baseName(name) === assessmentFile)
  if (own !== undefined) return readOwn(own, options)
  const reports = files
    .filter(({ name, text }) => name.toLowerCase().endsWith(".json") && !isOwnDocument(text))
    .sort((a, b) => compareText(a.name, b.name))
  return assemble(reports.map(readReport), digestOfAll(reports), options)
}

function readOwn(file: ReportFile, options: AssessReportsOptions): Assessment {
  try {
    return parseAssessment(file.text, file.name)
  } catch (error) {
    return assemble([unreadable(file, "unknown", error)], digestOfAll([file]), options)
  }
}

// Verdicts and results of ours may lie beside the reports. What a scanner wrote is read, whatever else it says it is.
const reportKeys = ["SchemaVersion", "Results"]

function isOwnDocument(text: string): boolean {
  if (text.length > maxReportBytes || !text.includes(`"${ownSchemas}`)) return false
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value) || foldedKeys(value, reportKeys).length > 0) return false
    return typeof value["schema"] === "string" && value["schema"].startsWith(ownSchemas)
  } catch {
    return false
  }
}

function readReport(file: ReportFile): ReadReport {
  const named = baseName(file.name).replace(/\.json$/i, "")
  const digest = digestOf(file.text)
  try {
    const report = parseTrivyReport(file.text, { platform: named, digest })
    const scan = {
      ...(report.os === undefined ? {} : { os: report.os }),
      packages: report.recognised,
      findings: report.findings,
      suppressed: report.suppressed,
      unassessed: report.unmatched,
      report: digest,
    }
    const { about } = report
    const platform = about.platform ?? platformOfName(named)
    return { platform: { platform, digest: digestIn(about) ?? digest, scan, problems: osProblems(report) }, about }
  } catch (error) {
    return unreadable(file, platformOfName(named), error)
  }
}

// An SBOM's own packages are not known here, and a folder of sources has no operating system.
function osProblems(report: TrivyReport): Problem[] {
  const { artifactType = "" } = report.about
  const mayLack = report.os === undefined && (artifactType === "filesystem" || artifactType === "repository")
  return isSbom(artifactType) || mayLack ? [] : imageCoverageProblems(report)
}

function isSbom(artifactType: string): boolean {
  return /^(cyclonedx|spdx)/.test(artifactType)
}

function unreadable({ name, text }: ReportFile, platform: string, error: unknown): ReadReport {
  const why = error instanceof CsscError ? error.reason : String(error)
  const message = `${name} cannot be read: ${why}`
  return { platform: { platform, digest: digestOf(text), problems: [{ code: "REPORT_UNREADABLE", message }] } }
}

function assemble(reports: readonly ReadReport[], digest: Digest, options: AssessReportsOptions): Assessment {
  const about = reports.flatMap((report) => report.about ?? [])
  const times = about.flatMap(({ createdAt }) => timeOf(createdAt)).sort(compareText)
  const viaSbom = about.some(({ artifactType }) => isSbom(artifactType ?? ""))
  return {
    schema: "https://cssc.dev/assessment/v1",
    image: options.image ?? { reference: referenceOf(about), digest, mediaType: "application/json" },
    method: options.method ?? (viaSbom ? "sbom" : "image"),
    ...(options.predicateType === undefined ? {} : { predicateType: options.predicateType }),
    platforms: reports.map(({ platform }) => platform),
    ...(options.database === undefined ? {} : { database: options.database }),
    tools: toolsOf(about, options.tools ?? []),
    startedAt: times[0] ?? options.now.toISOString(),
    finishedAt: times.at(-1) ?? options.now.toISOString(),
  }
}

// Both are kept when they differ: a denied version counts, whoever names it.
function toolsOf(about: readonly ReportInfo[], given: readonly ToolInfo[]): ToolInfo[] {
  const versions = new Set(about.flatMap(({ scannerVersion }) => scannerVersion ?? []))
  const named = [...versions].filter(
    (version) => !given.some((tool) => tool.name === "trivy" && tool.version === version),
  )
  return [...given, ...named.map((version) => ({ name: "trivy", version }))].sort(compareCanonical)
}

function referenceOf(about: readonly ReportInfo[]): string {
  const names = new Set(about.flatMap(({ artifactName }) => artifactName ?? []))
  return names.size === 1 ? ([...names][0] ?? "reports") : "reports"
}

/** Without an image, the digest is that of the set of reports. */
function digestOfAll(files: readonly ReportFile[]): Digest {
  return digestOf(
    files
      .map(({ text }) => digestOf(text))
      .sort()
      .join("\n"),
  )
}

// `report-linux_amd64.json` and `linux-arm64.json`: how pipelines name a report by its platform.
function platformOfName(name: string): string {
  const match = /(?:^|[._-])(linux|windows|darwin|freebsd)[_-]([a-z0-9]+)(?:[_-](v[0-9]+))?$/i.exec(name)
  return match === null ? name || "unknown" : match.slice(1).filter(Boolean).join("/").toLowerCase()
}

function digestIn({ repoDigests }: ReportInfo): Digest | undefined {
  return repoDigests.map((text) => text.slice(text.indexOf("@") + 1)).find((text): text is Digest => isDigest(text))
}

function timeOf(text: string | undefined): string[] {
  return [isoTime(Date.parse(text ?? ""))].filter((time) => time !== undefined)
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1)
}
