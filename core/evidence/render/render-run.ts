// A run over many tags, so that two hundred stay readable: what is blocked first, then what failed, then what was promoted;
// what did not change is folded away.
import type { Digest } from "../../oci/digest.js"
import {
  type Block,
  code,
  type Content,
  counted,
  fold,
  heading,
  type Inline,
  link,
  type Page,
  paragraph,
  shortDigest,
  signed,
  some,
  table,
} from "../../page/page.js"
import type { Verdict } from "../../policy/verdict/verdict.js"
import { type FindingGroup, groupFindings, severityText, upgradeText } from "./finding-groups.js"
import { promotedWords, type RunOutcome, signOf, whyOf } from "./outcome-sentence.js"

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

const maxIds = 3
const maxRows = 100
const maxShared = 20

/** The summary of a run. */
export function renderRun(rows: readonly RunRow[], title = "Run"): Page {
  const those = (...outcomes: RunOutcome[]) => rows.filter(({ outcome }) => outcomes.includes(outcome))
  const blocked = those("blocked", "blocked-missing-sbom", "unassessed")
  const unchanged = those("unchanged")
  return [
    heading(2, title),
    paragraph(...tally(rows)),
    ...section("Blocked", ["Tag", "Digest", "Blocking", "First of them", "Why"], blocked, blockedCells),
    ...sharedSteps(blocked),
    ...section("Failed", ["Tag", "Why"], those("failed"), failedCells),
    ...section("Promoted", promotedHeader, those("promote"), promotedCells),
    ...section("Would be promoted", promotedHeader, those("dryrun"), promotedCells),
    ...(unchanged.length === 0 ? [] : [unchangedFold(unchanged)]),
  ]
}

function section(
  title: string,
  header: readonly string[],
  rows: readonly RunRow[],
  cells: (row: RunRow) => Content[],
): Page {
  if (rows.length === 0) return []
  return [heading(3, `${title} (${rows.length})`), table(header, rows.map(cells), maxRows)]
}

const promotedHeader = ["Tag", "Digest", "Found", "Accepted", "Source"]

function blockedCells({ tag, digest, verdict, why }: RunRow): Content[] {
  const groups = verdict === undefined ? [] : blockingOf(verdict)
  const first = groups.map(({ id, url }) => link(id, url))
  return [
    code(tag),
    digestCell(digest ?? verdict?.image.digest),
    groups.length === 0 ? "" : severityText(groups),
    some(first, maxIds),
    why ?? (verdict === undefined || groups.length > 0 ? "" : whyOf(verdict)),
  ]
}

function failedCells({ tag, why }: RunRow): Content[] {
  return [code(tag), why ?? ""]
}

function promotedCells({ tag, digest, verdict, source, why }: RunRow): Content[] {
  return [
    code(tag),
    digestCell(digest),
    verdict === undefined ? "" : severityText(groupFindings(verdict.findings)),
    String(verdict?.excepted.length ?? 0),
    [source, why].filter((text) => text !== undefined).join("; "),
  ]
}

function unchangedFold(rows: readonly RunRow[]): Block {
  return fold(`Unchanged (${rows.length})`, [table(promotedHeader, rows.map(promotedCells), maxRows)])
}

// The same upgrade helps many tags: it is told once, those first that help most.
function sharedSteps(blocked: readonly RunRow[]): Page {
  const tags = new Map<string, Set<string>>()
  for (const { tag, verdict } of blocked)
    for (const { packages } of verdict === undefined ? [] : blockingOf(verdict))
      for (const affected of packages) {
        const step = upgradeText(affected)
        tags.set(step, (tags.get(step) ?? new Set()).add(tag))
      }
  if (tags.size === 0) return []
  const rows = [...tags].sort(([, a], [, b]) => b.size - a.size)
  const cells = rows.map(([step, those]) => [step, counted(those.size, "tag")])
  return [heading(3, "What to do next"), table(["What", "Helps"], cells, maxShared)]
}

function blockingOf(verdict: Verdict): FindingGroup[] {
  return groupFindings(verdict.findings.filter(({ judgement }) => judgement === "blocking"))
}

function digestCell(digest: Digest | undefined): Content {
  return digest === undefined ? "" : shortDigest(digest)
}

const order: readonly RunOutcome[] = [
  "blocked",
  "blocked-missing-sbom",
  "unassessed",
  "failed",
  "promote",
  "dryrun",
  "unchanged",
]

function tally(rows: readonly RunRow[]): Inline[] {
  if (rows.length === 0) return ["No tag matched: nothing was done."]
  const parts = order.flatMap((outcome): Inline[] => {
    const number = rows.filter((row) => row.outcome === outcome).length
    return number === 0 ? [] : [", ", signed(signOf(outcome)), ` ${number} ${promotedWords(outcome)}`]
  })
  return [`${counted(rows.length, "tag")}: `, ...parts.slice(1)]
}
