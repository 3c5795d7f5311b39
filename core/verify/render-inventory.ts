// An inventory, told: what may not be deployed first, then what stops being proven soonest.
import { compareText } from "../findings/canonical-json.js"
import {
  code,
  type Content,
  counted,
  heading,
  mark,
  type Page,
  paragraph,
  shortDigest,
  signed,
  table,
  time,
} from "../page/page.js"
import type { Inventory, InventoryRow } from "./inventory.js"

const signs = { proven: "good", unproven: "bad", unread: "unknown" } as const
const order = { unread: 0, unproven: 1, proven: 2 } as const
const maxRows = 300

export function renderInventory({ repository, rows, checkedAt }: Inventory): Page {
  const count = (state: InventoryRow["state"]) => rows.filter((row) => row.state === state).length
  const numbers = `${count("proven")} proven, ${count("unproven")} unproven, ${count("unread")} unread`
  const tally = rows.length === 0 ? "No tag matched." : `${counted(rows.length, "tag")}: ${numbers}`
  const sorted = [...rows].sort(
    (a, b) => order[a.state] - order[b.state] || compareText(a.provenUntil ?? "", b.provenUntil ?? ""),
  )
  const header = ["Tag", "State", "Digest", "Judged", "Proven until", "Because"]
  return [
    heading(2, "Inventory of ", code(repository)),
    paragraph(mark("strong", tally), ", looked at ", time(checkedAt)),
    ...(rows.length === 0 ? [] : [table(header, sorted.map(cells), maxRows)]),
  ]
}

function cells({
  tag,
  state,
  digest,
  timeVerified,
  provenUntil,
  ends = [],
  problems,
  judged,
}: InventoryRow): Content[] {
  const [soonest] = ends
  const ending = soonest?.expires === provenUntil ? soonest : undefined
  const owner = ending?.owner === undefined ? "" : ` (${ending.owner})`
  const because = problems.length > 0 ? problems.join("; ") : ending === undefined ? "" : `${ending.what}${owner} ends`
  return [
    code(tag),
    [signed(signs[state]), ` ${state}`],
    digest === undefined ? "" : shortDigest(digest),
    timeVerified === undefined ? "never" : [time(timeVerified), `, ${counted(judged.length, "time")}`],
    provenUntil === undefined || state !== "proven" ? "" : time(provenUntil),
    because,
  ]
}
