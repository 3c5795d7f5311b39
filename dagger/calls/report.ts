// A report of a result in one of its formats. Our own lie beside the result; the rest are Trivy's, of the findings of all
// platforms in one.
import type { Container, Directory, File } from "@dagger.io/dagger"
import { mergeReports, type RawReport } from "../../core/evidence/raw-report.js"
import type { Documents } from "../../core/report/report.js"
import { toolbox } from "../containers/toolbox.js"
import { convertReport } from "../containers/trivy/trivy-convert.js"
import { type GateState, givenToolbox, readScan } from "../session/gate-results.js"
import { readEarlierFiles, readTexts } from "../session/stored-results.js"
import { textFile } from "../state/settings.js"

/** An object with results, and the toolbox that was given, if any. */
export type Reported = { readonly results: Directory; readonly containers: readonly Container[] }

/** Where a result has which of our own formats. */
export const ownFiles: Readonly<Record<string, keyof Documents | "summary.md">> = {
  sarif: "results.sarif",
  junit: "junit.xml",
  gitlab: "gl-container-scanning-report.json",
  vex: "vex.cdx.json",
  html: "report.html",
  markdown: "summary.md",
}

export async function runReport({ results, containers }: Reported, format: string): Promise<File> {
  const own = ownFiles[format]
  if (own !== undefined) return results.file(own)
  const { name, reports } = await rawReports(results)
  const merged = JSON.stringify(mergeReports(name, reports))
  if (format === "json") return textFile("report.json", merged)
  return convertReport(toolbox(containers[0]), merged, format)
}

/** A gate carries its configuration as well: its toolbox is one of many containers. */
export async function runGateReport(gate: GateState, format: string): Promise<File> {
  return runReport({ results: gate.results, containers: givenToolbox(gate) }, format)
}

// A run has a directory of results for each tag, a fleet one for each of its runs.
async function rawReports(results: Directory): Promise<{ readonly name: string; readonly reports: RawReport[] }> {
  const found = ["tags/*/assessment.json", "runs/**/tags/*/assessment.json"].map((path) => results.glob(path))
  const tags = (await Promise.all(found)).flat().sort()
  if (tags.length === 0) return readOne(results)
  const read = await Promise.all(tags.map((path) => readOne(results.directory(path.replace(/\/[^/]+$/, "")))))
  const named = read.flatMap(({ name, reports }) =>
    reports.map(({ platform, text }) => ({ platform: `${name} ${platform}`, text })),
  )
  return { name: "run", reports: named }
}

async function readOne(results: Directory): Promise<{ readonly name: string; readonly reports: RawReport[] }> {
  const { assessment, reports } = await readScan(results)
  const all = assessment.platforms.flatMap(({ platform, digest }) => {
    const text = reports.get(digest)
    return text === undefined ? [] : [{ platform, text }]
  })
  return { name: assessment.image.reference, reports: all }
}

export type ReportResultsArguments = {
  readonly results: Directory
  readonly earlier: Directory | undefined
  readonly inventory: Directory | undefined
  readonly format: string
}

/** Our own formats are made anew; the others are Trivy's, of the reports among the results. */
export async function runReportResults(args: ReportResultsArguments): Promise<File> {
  const { results, earlier, inventory, format } = args
  const name = ownFiles[format]
  if (name === undefined || name === "summary.md") return runReport({ results, containers: [] }, format)
  const { readResults, readEarlier, reportDocuments } = await import("#report")
  const read = readResults(await readTexts(results, inventory))
  const past = earlier === undefined ? [] : await readEarlierFiles(earlier)
  const points = past.flatMap((file) => readEarlier(file.name, file.text, file.runs) ?? [])
  const trend = points.sort((a, b) => (a.at < b.at ? -1 : 1))
  const documents = reportDocuments({ ...read, generatedAt: new Date().toISOString(), earlier: trend })
  return textFile(name, documents[name])
}
