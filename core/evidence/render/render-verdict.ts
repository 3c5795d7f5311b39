// A verdict as a page that a reviewer can decide on: what happens and why first, the proof after it.
import type { Reason, Verdict } from "../../policy/verdict/verdict.js"
import { renderLedger, renderOverride } from "./acceptance-table.js"
import { code, cutDocument, plain, shortDigest, table } from "./escape.js"
import { renderFindings } from "./finding-tables.js"
import { signOf, whyOf } from "./outcome-sentence.js"
import { platformCells, platformHeader } from "./platform-table.js"
import { renderRegression } from "./regression-table.js"
import { renderVex } from "./vex-table.js"

/** Fits into a comment on an issue or merge request of every forge. */
export const maxSummaryLength = 60_000
const maxReasons = 100

/** The summary of one verdict. */
export function renderVerdict(verdict: Verdict): string {
  const parts = [
    `## ${signOf(verdict.outcome)} ${verdict.outcome}: ${code(verdict.image.reference)}`,
    `**${plain(whyOf(verdict))}**`,
    ...renderOverride(verdict.override),
    ...renderPlatforms(verdict),
    ...renderReasons("What stops it", "block", verdict.reasons),
    ...renderFindings("Blocking vulnerabilities", "blocking", verdict.findings),
    ...renderFindings("Let pass by the override", "overridden", verdict.findings),
    ...renderFindings("Accepted by exceptions", "excepted", verdict.findings),
    ...renderFindings("Suppressed by VEX or the scanner", "suppressed", verdict.findings),
    ...renderFindings("Ignored by the policy", "ignored", verdict.findings),
    ...renderReasons("Also good to know", "report", verdict.reasons),
    ...renderRegression(verdict.regression),
    ...renderVex(verdict.vex),
    ...renderLedger(verdict.exceptions),
    "### How it was judged",
    table(["", ""], inputRows(verdict)),
  ]
  return cutDocument(`${parts.join("\n\n")}\n`, maxSummaryLength)
}

function renderPlatforms(verdict: Verdict): string[] {
  if (verdict.platforms.length === 0) return []
  const rows = verdict.platforms.map((row) => platformCells(row, verdict))
  return [table(platformHeader(verdict.policy.severity), rows)]
}

function renderReasons(title: string, effect: Reason["effect"], reasons: readonly Reason[]): string[] {
  const chosen = reasons.filter((reason) => reason.effect === effect)
  if (chosen.length === 0) return []
  const lines = chosen.slice(0, maxReasons).map(({ code: name, message }) => `- **${name}** ${plain(message)}`)
  const rest = chosen.length - lines.length
  return [`### ${title}`, [...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n")]
}

function inputRows(verdict: Verdict): string[][] {
  const { image, policy, database, tools, method, predicateType, evaluatedAt, riskFeeds = [] } = verdict
  const named = database?.digest === undefined ? "" : ` ${shortDigest(database.digest)}`
  const from = predicateType === undefined ? "" : ` of ${code(predicateType)}`
  return [
    ["Image digest", code(image.digest)],
    ["Judged", plain(evaluatedAt)],
    ["Method", `${method}${from}`],
    ["Policy", `${plain(policy.source)}, ${policy.severity} and above, ${shortDigest(policy.digest)}`],
    ["Vulnerability database", database === undefined ? "**unknown**" : `${plain(database.updatedAt)}${named}`],
    ...riskFeeds.map(({ source, date, entries }) => [
      "Risk feed",
      `${plain(source)}, ${plain(date)}, ${entries} entries`,
    ]),
    ["Tools", tools.map(({ name, version }) => code(`${name} ${version}`)).join(", ") || "**unknown**"],
  ]
}
