// A run over many tags: one row per tag, then the platforms of all of them.
import type { Digest } from "../../oci/digest.js"
import type { Verdict } from "../../policy/verdict/verdict.js"
import { code, cutDocument, plain, shortDigest, table } from "./escape.js"
import { type RunOutcome, signOf, whyOf } from "./outcome-sentence.js"
import { platformCells, platformHeader } from "./platform-table.js"
import { maxSummaryLength } from "./render-verdict.js"

export type RunRow = {
  readonly tag: string
  readonly outcome: RunOutcome
  readonly digest?: Digest
  readonly verdict?: Verdict
  /** Said instead of the verdict's own sentence: an error, or why nothing was done. */
  readonly why?: string
  /** What became of the source's tag. */
  readonly source?: string
}

const maxIds = 5
const maxRows = 1000

/** The summary of a run. */
export function renderRun(rows: readonly RunRow[], title = "Run"): string {
  const shown = rows.slice(0, maxRows)
  const rest = rows.length - shown.length
  const parts = [
    `## ${plain(title)}`,
    `**${tally(rows)}**`,
    ...(rows.length === 0 ? [] : [table(header, shown.map(rowCells))]),
    ...(rest > 0 ? [`_and ${rest} more tags_`] : []),
    ...renderAllPlatforms(shown),
  ]
  return cutDocument(`${parts.join("\n\n")}\n`, maxSummaryLength)
}

const header = ["Tag", "Outcome", "Digest", "Blocking", "Accepted", "Source", "Why"]

function rowCells({ tag, outcome, digest, verdict, why, source }: RunRow): string[] {
  const known = digest ?? verdict?.image.digest
  return [
    code(tag),
    `${signOf(outcome)} ${outcome}`,
    known === undefined ? "–" : shortDigest(known),
    verdict === undefined ? "–" : idCell(verdict.remaining),
    verdict === undefined ? "–" : idCell(verdict.excepted),
    plain(source ?? "–"),
    plain(why ?? (verdict === undefined ? "" : whyOf(verdict))),
  ]
}

function idCell(ids: readonly string[]): string {
  if (ids.length === 0) return "0"
  const rest = ids.length - maxIds
  const shown = ids.slice(0, maxIds).map((id) => code(id))
  return `${ids.length}: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`
}

function tally(rows: readonly RunRow[]): string {
  if (rows.length === 0) return "No tag matched: nothing was done."
  const numbers = new Map<RunOutcome, number>()
  for (const { outcome } of rows) numbers.set(outcome, (numbers.get(outcome) ?? 0) + 1)
  const parts = [...numbers].sort().map(([outcome, number]) => `${signOf(outcome)} ${number} ${outcome}`)
  return `${rows.length} ${rows.length === 1 ? "tag" : "tags"}: ${parts.join(", ")}`
}

function renderAllPlatforms(rows: readonly RunRow[]): string[] {
  const judged = rows.flatMap(({ tag, verdict }) => (verdict === undefined ? [] : [{ tag, verdict }]))
  const [first] = judged
  if (first === undefined) return []
  const cells = judged.flatMap(({ tag, verdict }) => {
    return verdict.platforms.map((row) => [code(tag), ...platformCells(row, verdict)])
  })
  return ["### Platforms", table(["Tag", ...platformHeader(first.verdict.policy.severity)], cells)]
}
