// Findings as a reviewer reads them: one row per vulnerability of a package, with the platforms that have it.
import type { JudgedFinding, Judgement } from "../../policy/verdict/verdict.js"
import { code, plain, table } from "./escape.js"

const maxRows = 100

/** A section of findings with one judgement, or nothing when there are none. */
export function renderFindings(title: string, judgement: Judgement, findings: readonly JudgedFinding[]): string[] {
  const rows = groupFindings(findings.filter((finding) => finding.judgement === judgement))
  if (rows.length === 0) return []
  const explained = judgement !== "blocking"
  const header = ["Vulnerability", "Severity", "Package", "Fixed in", "Platforms", explained ? "Because" : "What"]
  const shown = rows.slice(0, maxRows).map((row) => cells(row, explained))
  const rest = rows.length - shown.length
  const more = rest > 0 ? [`_and ${rest} more in the verdict_`] : []
  return [`### ${title} (${rows.length})`, table(header, shown), ...more]
}

type Row = { readonly finding: JudgedFinding; readonly platforms: readonly string[] }

function groupFindings(findings: readonly JudgedFinding[]): Row[] {
  const rows = new Map<string, { finding: JudgedFinding; platforms: Set<string> }>()
  for (const finding of findings) {
    const key = JSON.stringify([finding.id, finding.package, finding.version, finding.fixedVersion, finding.because])
    const row = rows.get(key) ?? { finding, platforms: new Set() }
    rows.set(key, row)
    row.platforms.add(finding.platform)
  }
  return [...rows.values()].map(({ finding, platforms }) => ({ finding, platforms: [...platforms].sort() }))
}

function cells({ finding, platforms }: Row, explained: boolean): string[] {
  const version = finding.version === "" ? "" : ` ${finding.version}`
  return [
    code(finding.id),
    finding.severity,
    code(`${finding.package}${version}`),
    finding.fixedVersion === undefined ? "no fix" : code(finding.fixedVersion),
    platforms.map((platform) => code(platform)).join(", "),
    explained ? becauseOf(finding) : plain(finding.title ?? ""),
  ]
}

function becauseOf({ because }: JudgedFinding): string {
  if (because === undefined) return "–"
  const until = because.expires === undefined ? "" : ` until ${because.expires}`
  return plain(`${because.statement} (${because.by}${until})`)
}
