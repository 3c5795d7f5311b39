// The page of a report: the whole at a glance, then each image to be opened, what stops first.
import type { RunOutcome } from "../../evidence/render/outcome-sentence.js"
import { momentOf } from "../../page/age.js"
import { counted } from "../../page/page.js"
import { earlierOf } from "../read-results.js"
import type { Report, ReportedImage } from "../report.js"
import { Funnel, SeverityBars, Trend } from "./charts.js"
import { EndingExceptions } from "./ending-exceptions.js"
import { DataTable, More, outcomeWords } from "./html-parts.js"
import { ImageSection } from "./image-section.js"

const maxImages = 300
/** Rows of findings over all images, so that the page of a big run stays below five megabytes. */
const maxFindingRows = 6000
const order: readonly (RunOutcome | "scanned")[] = [
  "blocked",
  "blocked-missing-sbom",
  "unassessed",
  "failed",
  "promote",
  "dryrun",
  "scanned",
  "unchanged",
]

export function ReportPage({ report }: { report: Report }) {
  const images = [...report.images].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
  const shown = images.slice(0, maxImages)
  const maxRows = Math.min(500, Math.max(15, Math.floor(maxFindingRows / Math.max(1, shown.length))))
  return (
    <>
      <a class="skip" href="#images">
        Skip to the images
      </a>
      <header>
        <h1>{report.title}</h1>
        <p class="lead">{tally(report)}</p>
        <p class="soft">
          Made <time dateTime={report.generatedAt}>{momentOf(report.generatedAt)}</time>
        </p>
      </header>
      <main>
        <Overview report={report} />
        <EndingExceptions report={report} />
        <section aria-labelledby="images">
          <h2 id="images">{report.images.length === 1 ? "The image" : "Images, what is blocked first"}</h2>
          {shown.map((image, at) => (
            <ImageSection id={`i${at}`} image={image} report={report} open={shown.length === 1} maxRows={maxRows} />
          ))}
          {images.length > maxImages ? <p>and {images.length - maxImages} more in the JSON beside this page</p> : null}
        </section>
      </main>
      <footer>
        <p>Made by cssc from verdict and assessment. This page loads nothing and runs no script.</p>
      </footer>
    </>
  )
}

function Overview({ report }: { report: Report }) {
  const points = [...(report.earlier ?? []), earlierOf(report.images, report.generatedAt)]
  return (
    <section aria-label="At a glance" class="cards">
      {report.kind === "run" ? (
        <div class="card">
          <h2>From acquired to promoted</h2>
          <Funnel report={report} />
        </div>
      ) : null}
      <div class="card">
        <h2>Vulnerabilities by severity</h2>
        <SeverityBars report={report} />
      </div>
      {points.length < 2 ? null : (
        <div class="card">
          <h2>Trend</h2>
          <Trend points={points} />
          <More title="The same as a table">
            <DataTable caption="Images over time" header={["When", "Blocked", "Promoted", "Failed"]}>
              {points.slice(-12).map(({ at, blocked, promoted, failed }) => (
                <tr>
                  <th scope="row">{at.slice(0, 10)}</th>
                  <td>{blocked}</td>
                  <td>{promoted}</td>
                  <td>{failed}</td>
                </tr>
              ))}
            </DataTable>
          </More>
        </div>
      )}
    </section>
  )
}

function tally(report: Report): string {
  if (report.images.length === 0) return "No image: nothing was done."
  const numbers = new Map<string, number>()
  const words = (image: ReportedImage) => outcomeWords(image, report.kind)
  for (const image of report.images) numbers.set(words(image), (numbers.get(words(image)) ?? 0) + 1)
  if (report.images.length === 1) return [...numbers.keys()].join("")
  return `${counted(report.images.length, "image")}: ${[...numbers].map(([name, number]) => `${number} ${name}`).join(", ")}`
}
