// All formats of a report as files: the entry of a bundle of its own (scripts/build.mjs), which is loaded when a report is
// made, so that no other call pays for it.
import { toHtml } from "./html/to-html.js"
import type { Documents, Report } from "./report.js"
import { toGitlab } from "./to-gitlab.js"
import { toJunit } from "./to-junit.js"
import { toSarif } from "./to-sarif.js"
import { toVex } from "./to-vex.js"

export { readEarlier, readResults } from "./read-results.js"

/** Where a result has which format. */
export function reportDocuments(report: Report): Documents {
  return {
    "results.sarif": json(toSarif(report)),
    "junit.xml": toJunit(report),
    "gl-container-scanning-report.json": json(toGitlab(report)),
    "vex.cdx.json": json(toVex(report)),
    "report.html": toHtml(report),
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
