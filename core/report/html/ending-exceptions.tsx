// What ends by itself, over all images: exceptions of verdicts, or what the proofs of an inventory rest on. It is what somebody
// has to look at next.
import { ageOf } from "../../page/age.js"
import type { Report } from "../report.js"
import { DataTable } from "./html-parts.js"

const maxRows = 100

type Ending = {
  readonly what: string
  readonly expires: string
  readonly owner: string | undefined
  readonly reason: string
  readonly images: number
}

/** Each once, with how many images it covers; what ends soonest first. */
export function endingExceptions(report: Report): Ending[] {
  const found = new Map<string, Ending>()
  for (const one of report.kind === "inventory" ? ofProofs(report) : ofVerdicts(report)) {
    const key = JSON.stringify([one.what, one.expires, one.reason])
    found.set(key, { ...one, images: (found.get(key)?.images ?? 0) + 1 })
  }
  return [...found.values()].sort((a, b) => (a.expires < b.expires ? -1 : 1))
}

function ofVerdicts({ images }: Report): Ending[] {
  const uses = images.flatMap(({ verdict }) => verdict?.exceptions ?? [])
  return uses
    .filter(({ state }) => state === "expiring" || state === "expired")
    .map(({ id, package: purl, expires = "", owner, reason }) => {
      const what = [id, purl].filter((part) => part !== undefined).join(" in ")
      return { what, expires, owner, reason, images: 1 }
    })
}

function ofProofs({ inventory }: Report): Ending[] {
  const ends = (inventory?.rows ?? []).flatMap((row) => row.ends ?? [])
  return ends.map(({ what, owner, expires }) => ({ what, expires, owner, reason: "", images: 1 }))
}

export function EndingExceptions({ report }: { report: Report }) {
  const ending = endingExceptions(report)
  const now = new Date(report.generatedAt)
  const hasReasons = ending.some(({ reason }) => reason !== "")
  return (
    <DataTable
      caption="Accepted by somebody, until then"
      header={["What", "Ends", "Owner", ...(hasReasons ? ["Reason"] : []), "Images"]}
      rest={ending.length - maxRows}
    >
      {ending.slice(0, maxRows).map(({ what, expires, owner, reason, images }) => (
        <tr>
          <th scope="row">{what}</th>
          <td>
            {expires.slice(0, 10)} ({ageOf(expires, now)})
          </td>
          <td>{owner ?? "nobody named"}</td>
          {hasReasons ? <td class="texts">{reason}</td> : null}
          <td>{images}</td>
        </tr>
      ))}
    </DataTable>
  )
}
