// What a trusted repository holds: of every tag whether it may be deployed, how old its proof is, until when it holds, and why not.
import { compareText } from "../../findings/canonical-json.js"
import { ageOf, momentOf } from "../../page/age.js"
import type { ReportedInventory } from "../report.js"
import { short } from "./evidence-nodes.js"
import { Badge, DataTable, Time } from "./html-parts.js"

const maxRows = 1000
const states = {
  unread: { tone: "warn", words: "not read" },
  unproven: { tone: "bad", words: "not proven" },
  proven: { tone: "good", words: "proven" },
} as const
const order = ["unread", "unproven", "proven"]

type Row = ReportedInventory["rows"][number]

export function InventorySection({ inventory }: { inventory: ReportedInventory }) {
  const { repository, checkedAt } = inventory
  const rows = [...inventory.rows].sort(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      compareText(a.provenUntil ?? "", b.provenUntil ?? "") ||
      compareText(a.tag, b.tag),
  )
  return (
    <section aria-labelledby="inventory">
      <h2 id="inventory">What {repository} holds</h2>
      <p class="soft">
        Looked at <Time at={checkedAt} now={checkedAt} />; what may not be deployed first, then what ends soonest.
      </p>
      {rows.length === 0 ? (
        <p>No tag matched.</p>
      ) : (
        <DataTable
          caption={`Tags of ${repository}`}
          header={["Tag", "State", "Digest", "Age of the proof", "Proven until", "Why, or what ends"]}
          rest={rows.length - maxRows}
        >
          {rows.slice(0, maxRows).map((row) => (
            <InventoryRow row={row} now={checkedAt} />
          ))}
        </DataTable>
      )}
    </section>
  )
}

function InventoryRow({ row, now }: { row: Row; now: string }) {
  const { tag, state, digest, timeVerified, provenUntil, problems, ends = [] } = row
  const { tone, words } = states[state]
  const texts =
    problems.length > 0 ? problems : ends.map(({ what, owner, expires }) => ending(what, owner, expires, now))
  return (
    <tr>
      <th scope="row" class="tag">
        {tag}
      </th>
      <td>
        <Badge tone={tone}>{words}</Badge>
      </td>
      <td class="nowrap">{digest === undefined ? "–" : <code title={digest}>{short(digest)}</code>}</td>
      <td class="nowrap">{timeVerified === undefined ? "never judged" : <Age at={timeVerified} now={now} />}</td>
      <td class="nowrap">
        {provenUntil === undefined || state !== "proven" ? "–" : <Age at={provenUntil} now={now} />}
      </td>
      <td class="texts">{texts.length === 0 ? "–" : texts.map((text) => <p>{text}</p>)}</td>
    </tr>
  )
}

function Age({ at, now }: { at: string; now: string }) {
  return (
    <>
      {ageOf(at, new Date(now))} <span class="soft">({momentOf(at).slice(0, 10)})</span>
    </>
  )
}

function ending(what: string, owner: string | undefined, expires: string, now: string): string {
  const who = owner === undefined ? "" : ` (${owner})`
  return `${what}${who} ends ${ageOf(expires, new Date(now))}, ${momentOf(expires).slice(0, 10)}`
}
