// Scans an SBOM of one or several documents. Each is scanned by itself, as each may be of another operating system; what
// is reported is one report.
import { readRawReport } from "../evidence/raw-report.js"
import type { Problem } from "../findings/assessment.js"
import { canonicalJson } from "../findings/canonical-json.js"
import { parseTrivyReport, type ReportOrigin } from "../findings/trivy-report.js"
import type { Scanner } from "../ports.js"
import { sbomCoverageProblems } from "../sbom/os-coverage.js"
import type { SelectedSbom } from "../sbom/sbom-candidate.js"
import { partsOf } from "../sbom/whole-sbom.js"

/** The report, and of several documents what the scanner passed over in each. */
export async function scanSboms(
  scanner: Pick<Scanner, "scanSbom">,
  selected: SelectedSbom,
  origin: ReportOrigin,
): Promise<{ readonly text: string; readonly problems: readonly Problem[] }> {
  const parts = partsOf(selected)
  const texts = await Promise.all(parts.map(({ document }) => scanner.scanSbom(canonicalJson(document))))
  const [only = "", ...more] = texts
  if (more.length === 0) return { text: only, problems: [] }
  const problems = parts.flatMap(({ sbom }, part) =>
    sbomCoverageProblems(sbom, parseTrivyReport(texts[part] ?? "", origin)),
  )
  return { text: joined(texts, origin.platform), problems }
}

function joined(texts: readonly string[], platform: string): string {
  const reports = texts.map((text) => readRawReport({ platform, text }))
  const Results = reports.flatMap((report) => (report["Results"] ?? []) as readonly unknown[])
  return canonicalJson({ ...reports[0], Results })
}
