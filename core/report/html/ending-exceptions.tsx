// Exceptions that end soon or have ended, over all images: what somebody has to look at next.
import { ageOf } from "../../page/age.js"
import type { ExceptionUse } from "../../policy/verdict/verdict.js"
import type { Report } from "../report.js"
import { DataTable } from "./html-parts.js"

const maxRows = 100

type Ending = { readonly use: ExceptionUse; readonly images: readonly string[] }

function endingOf({ images }: Report): Ending[] {
  const found = new Map<string, { use: ExceptionUse; images: string[] }>()
  for (const { name, verdict } of images)
    for (const use of verdict?.exceptions ?? []) {
      if (use.state !== "expiring" && use.state !== "expired") continue
      const key = JSON.stringify([use.id, use.package, use.expires, use.reason])
      const known = found.get(key) ?? { use, images: [] }
      known.images.push(name)
      found.set(key, known)
    }
  return [...found.values()].sort((a, b) => ((a.use.expires ?? "") < (b.use.expires ?? "") ? -1 : 1))
}

export function EndingExceptions({ report }: { report: Report }) {
  const ending = endingOf(report)
  if (ending.length === 0) return null
  return (
    <section aria-labelledby="ending">
      <h2 id="ending">Exceptions about to end</h2>
      <DataTable
        caption="Exceptions that have ended or end soon"
        header={["Exception", "Ends", "Owner", "Reason", "Images"]}
        rest={ending.length - maxRows}
      >
        {ending.slice(0, maxRows).map(({ use, images }) => (
          <tr>
            <th scope="row">{[use.id, use.package].filter((part) => part !== undefined).join(" in ")}</th>
            <td>
              {use.expires} ({use.expires === undefined ? "" : ageOf(use.expires, new Date(report.generatedAt))})
            </td>
            <td>{use.owner ?? "nobody named"}</td>
            <td>{use.reason}</td>
            <td>{images.length}</td>
          </tr>
        ))}
      </DataTable>
    </section>
  )
}
