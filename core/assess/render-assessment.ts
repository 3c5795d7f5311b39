// What a scan found, before any policy: one row per platform.
import { code, plain, shortDigest, table } from "../evidence/render/escape.js"
import type { Assessment, PlatformAssessment } from "../findings/assessment.js"
import { severities } from "../findings/finding.js"

export function renderAssessment(assessment: Assessment): string {
  const levels = [...severities].reverse()
  const rows = assessment.platforms.map((platform) => [
    code(platform.platform),
    shortDigest(platform.digest),
    platform.scan?.os === undefined ? "–" : plain(`${platform.scan.os.family} ${platform.scan.os.name}`),
    platform.scan === undefined ? "not scanned" : String(platform.scan.packages),
    ...levels.map((level) =>
      platform.scan === undefined
        ? "–"
        : String(platform.scan.findings.filter(({ severity }) => severity === level).length),
    ),
  ])
  const problems = assessment.platforms.flatMap(describeProblems)
  const told = problems.length === 0 ? "" : `\n${problems.join("\n")}\n`
  const database = assessment.database === undefined ? "" : `\nDatabase of ${assessment.database.updatedAt}.\n`
  return `## Scan of ${code(assessment.image.reference)}\n\n${table(["Platform", "Digest", "OS", "Packages", ...levels], rows)}\n${told}${database}`
}

function describeProblems({ platform, problems, scan }: PlatformAssessment): string[] {
  const unassessed =
    scan === undefined || scan.unassessed.length === 0
      ? []
      : [
          `- ${code(platform)}: ${scan.unassessed.length} packages that nothing could assess, such as ${code(scan.unassessed[0]?.purl ?? "")}`,
        ]
  return [
    ...problems.map(({ code: name, message }) => `- ${code(platform)}: ${name}: ${plain(message)}`),
    ...unassessed,
  ]
}
