// Findings in a summary: what blocks with what to do about it, what does not folded away.
import type { Severity } from "../../findings/finding.js"
import { type Block, code, type Content, fold, heading, link, mark, type Page, some, table } from "../../page/page.js"
import type { Judgement, Verdict } from "../../policy/verdict/verdict.js"
import { type FindingGroup, groupFindings, severityText, upgradeText } from "./finding-groups.js"

const maxPackages = 3
const maxPlatforms = 3
const maxFoldedRows = 50

/** What stops the image, worst first, each with its way out. */
export function blockingFindings(verdict: Verdict): Page {
  const groups = groupFindings(verdict.findings.filter(({ judgement }) => judgement === "blocking"))
  if (groups.length === 0) return []
  const header = ["Vulnerability", "Severity", "What to do", "Platforms", "What"]
  const rows = groups.map((group) => [...head(group), steps(group), where(group, verdict), group.title ?? ""])
  const below = groups.map(({ url }) => url ?? "")
  return [
    heading(3, `Blocking vulnerabilities: ${severityText(groups)}`),
    { ...table(header, rows), below: below.slice(0, 100), wide: 1 },
  ]
}

const folded: readonly (readonly [Judgement, string])[] = [
  ["overridden", "Let pass by the override"],
  ["excepted", "Accepted by exceptions"],
  ["suppressed", "Suppressed by VEX or the scanner"],
  ["ignored", "Ignored by the policy"],
  ["below-threshold", "Below the threshold"],
]

/** What was found and stops nothing, one fold for each judgement. */
export function foldedFindings(verdict: Verdict): Page {
  return folded.flatMap(([judgement, title]) => {
    const groups = groupFindings(verdict.findings.filter((finding) => finding.judgement === judgement))
    return groups.length === 0 ? [] : [foldOf(`${title}: ${severityText(groups)}`, groups, verdict)]
  })
}

function foldOf(title: string, groups: readonly FindingGroup[], verdict: Verdict): Block {
  const header = ["Vulnerability", "Severity", "Package", "Platforms", "Because"]
  const rows = groups.map((group) => [...head(group), packages(group), where(group, verdict), reasonOf(group)])
  return fold(title, [table(header, rows, maxFoldedRows)])
}

function head({ id, url, severity }: FindingGroup): [Content, Content] {
  return [link(id, url), severityMark(severity)]
}

/** A severity in its colour. */
export function severityMark(severity: Severity) {
  const tones = { CRITICAL: "bad", HIGH: "bad", MEDIUM: "warn", LOW: "faint", UNKNOWN: "warn" } as const
  return mark(tones[severity], severity)
}

function steps({ packages: affected }: FindingGroup): Content {
  const texts = [...new Set(affected.map(upgradeText))]
  return some(texts, maxPackages)
}

function packages({ packages: affected }: FindingGroup): Content {
  return some(
    affected.map(({ package: name, version }) => code(`${name} ${version}`)),
    maxPackages,
  )
}

function where({ platforms }: FindingGroup, verdict: Verdict): Content {
  if (platforms.length > 1 && platforms.length === verdict.platforms.length) return `all ${platforms.length}`
  return some(
    platforms.map((platform) => code(platform)),
    maxPlatforms,
  )
}

function reasonOf({ because }: FindingGroup): Content {
  if (because === undefined) return ""
  const until = because.expires === undefined ? "" : ` until ${because.expires}`
  return `${because.statement} (${because.by}${until})`
}
