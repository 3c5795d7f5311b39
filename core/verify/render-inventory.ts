// An inventory as Markdown: what may not be deployed first, then what stops being proven soonest.
import { code, cutDocument, plain, shortDigest, table } from "../evidence/render/escape.js"
import { maxSummaryLength } from "../evidence/render/render-verdict.js"
import { compareText } from "../findings/canonical-json.js"
import type { Inventory, InventoryRow } from "./inventory.js"

const signs = { proven: "✅ proven", unproven: "⛔ unproven", unread: "❔ unread" } as const
const order = { unread: 0, unproven: 1, proven: 2 } as const

export function renderInventory({ repository, rows, checkedAt }: Inventory): string {
  const count = (state: InventoryRow["state"]) => rows.filter((row) => row.state === state).length
  const tally = `${rows.length} tags: ${count("proven")} proven, ${count("unproven")} unproven, ${count("unread")} unread`
  const sorted = [...rows].sort(
    (a, b) => order[a.state] - order[b.state] || compareText(a.provenUntil ?? "", b.provenUntil ?? ""),
  )
  const head = ["Tag", "State", "Digest", "Judged", "Proven until", "Because"]
  const parts = [
    `## Inventory of ${code(repository)}`,
    `**${rows.length === 0 ? "No tag matched." : tally}**, as of ${plain(checkedAt)}`,
    ...(rows.length === 0 ? [] : [table(head, sorted.map(cells))]),
  ]
  return cutDocument(`${parts.join("\n\n")}\n`, maxSummaryLength)
}

function cells({ tag, state, digest, timeVerified, provenUntil, ends = [], problems, judged }: InventoryRow): string[] {
  const [soonest] = ends
  const ending = soonest?.expires === provenUntil ? soonest : undefined
  const owner = ending?.owner === undefined ? "" : ` (${ending.owner})`
  const because = problems.length > 0 ? problems.join("; ") : ending === undefined ? "" : `${ending.what}${owner} ends`
  return [
    code(tag),
    signs[state],
    digest === undefined ? "–" : shortDigest(digest),
    timeVerified === undefined ? "never" : `${plain(timeVerified)}, ${judged.length} times`,
    provenUntil === undefined || state !== "proven" ? "–" : plain(provenUntil),
    plain(because),
  ]
}
