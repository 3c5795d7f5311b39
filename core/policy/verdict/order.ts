// The order of everything in a verdict, so that the same inputs in any order give the same bytes.
import { compareCanonical, compareText } from "../../findings/canonical-json.js"
import { compareSeverity } from "../../findings/severity.js"
import type { JudgedFinding, Reason } from "./verdict.js"

/** The worst first, then by id, package and platform. */
export function compareFindings(a: JudgedFinding, b: JudgedFinding): number {
  return (
    compareSeverity(b.severity, a.severity) ||
    compareText(a.id, b.id) ||
    compareText(a.purl, b.purl) ||
    compareText(a.platform, b.platform) ||
    compareCanonical(a, b)
  )
}

/** What blocks first, then by platform (the image as a whole first), code and text. */
export function compareReasons(a: Reason, b: Reason): number {
  return (
    compareText(a.effect, b.effect) ||
    compareText(a.platform ?? "", b.platform ?? "") ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  )
}
