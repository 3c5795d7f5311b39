// The page of a report: the whole at a glance, then each image to be opened, what stops first.
import type { RunOutcome } from "../../evidence/render/outcome-sentence.js"
import { momentOf } from "../../page/age.js"
import type { Report } from "../report.js"
import { trendOf } from "../trend-points.js"
import { Funnel, SeverityBars } from "./charts.js"
import { EndingExceptions, endingExceptions } from "./ending-exceptions.js"
import { Decision, kindOf, Numbers } from "./glance.js"
import { ImageSection } from "./image-section.js"
import { InventorySection } from "./inventory-section.js"
import { Trend } from "./trend.js"

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
  const { inventory } = report
  return (
    <>
      <a class="skip" href={report.kind === "inventory" ? "#inventory" : "#images"}>
        Skip to the images
      </a>
      <header>
        <p class="over">{kindOf(report)}</p>
        <h1>{report.title}</h1>
        <p class="soft">
          Made <time dateTime={report.generatedAt}>{momentOf(report.generatedAt)}</time>
        </p>
        <Decision report={report} />
        <Numbers report={report} />
      </header>
      <main>
        <Charts report={report} />
        {report.kind === "inventory" ? null : <Images report={report} />}
        {inventory === undefined ? null : <InventorySection inventory={inventory} />}
      </main>
      <footer>
        <p>Made by cssc from the results beside it. This page loads nothing and runs no script.</p>
      </footer>
    </>
  )
}

function Images({ report }: { report: Report }) {
  const images = [...report.images].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
  const shown = images.slice(0, maxImages)
  const maxRows = Math.min(500, Math.max(15, Math.floor(maxFindingRows / Math.max(1, shown.length))))
  return (
    <section aria-labelledby="images">
      <h2 id="images">{images.length === 1 ? "The image" : "Images, what is blocked first"}</h2>
      {shown.map((image, at) => (
        <ImageSection id={`i${at}`} image={image} report={report} open={shown.length === 1} maxRows={maxRows} />
      ))}
      {images.length > maxImages ? <p>and {images.length - maxImages} more in the JSON beside this page</p> : null}
    </section>
  )
}

function Charts({ report }: { report: Report }) {
  const { kind } = report
  const points = trendOf(report)
  const ending = endingExceptions(report).length
  return (
    <section aria-label="In charts" class="cards">
      {kind !== "run" && kind !== "fleet" ? null : (
        <div class="card">
          <h2>From acquired to promoted</h2>
          <Funnel report={report} />
        </div>
      )}
      {kind === "inventory" ? null : (
        <div class="card">
          <h2>Vulnerabilities by severity</h2>
          <SeverityBars report={report} />
        </div>
      )}
      {points.length < 2 ? null : (
        <div class="card">
          <h2>Trend</h2>
          <Trend points={points} kind={kind} />
        </div>
      )}
      {ending === 0 ? null : (
        <div class="card wide">
          <h2 id="ending">Exceptions about to end</h2>
          <EndingExceptions report={report} />
        </div>
      )}
    </section>
  )
}
