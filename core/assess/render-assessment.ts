// What a scan found, before any policy: one row per platform.
import { severityMark } from "../evidence/render/finding-tables.js"
import { imageName } from "../evidence/render/render-verdict.js"
import type { Assessment, PlatformAssessment } from "../findings/assessment.js"
import { severities } from "../findings/finding.js"
import {
  code,
  type Content,
  heading,
  type Inline,
  list,
  mark,
  type Page,
  paragraph,
  table,
  time,
} from "../page/page.js"

/** `named` is the image as it was asked for, with its tag. */
export function renderAssessment(assessment: Assessment, named = assessment.image.reference): Page {
  const { platforms, database } = assessment
  const rows = platforms.map((platform) => [
    code(platform.platform),
    platform.scan?.os === undefined ? "" : `${platform.scan.os.family} ${platform.scan.os.name}`,
    platform.scan === undefined ? mark("bad", "not scanned") : String(platform.scan.packages),
    severityCell(platform),
  ])
  const problems = platforms.flatMap(describeProblems)
  return [
    heading(2, "Scan of ", ...imageName(named)),
    table(["Platform", "OS", "Packages", "Vulnerabilities"], rows),
    ...(problems.length === 0 ? [] : [list(problems)]),
    ...(database === undefined ? [] : [paragraph("Vulnerability database of ", time(database.updatedAt), ".")]),
  ]
}

function severityCell({ scan }: PlatformAssessment): Content {
  if (scan === undefined) return ""
  const parts = [...severities].reverse().flatMap((level): Inline[] => {
    const ids = new Set(scan.findings.filter(({ severity }) => severity === level).map(({ id }) => id))
    return ids.size === 0 ? [] : [", ", `${ids.size} `, severityMark(level)]
  })
  return parts.length === 0 ? "none" : parts.slice(1)
}

function describeProblems({ platform, problems, scan }: PlatformAssessment): Content[] {
  const unassessed = scan?.unassessed ?? []
  return [
    ...problems.map(({ code: name, message }) => [code(platform), ": ", mark("strong", name), ` ${message}`]),
    ...(unassessed.length === 0
      ? []
      : [
          [
            code(platform),
            `: ${unassessed.length} packages that nothing could assess, such as `,
            code(unassessed[0]?.purl ?? ""),
          ],
        ]),
  ]
}
