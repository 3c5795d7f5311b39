// The image against the promoted one: how many, and the first of each.
import type { Regression } from "../../policy/verdict/verdict.js"
import { code, shortDigest, table } from "./escape.js"

const maxNames = 5

export function renderRegression(regression: Regression | undefined): string[] {
  if (regression === undefined) return []
  const { baseline, digest, sameFindings } = regression
  const rows = [
    ["New findings", ...cells(regression.newFindings)],
    ["Fixed findings", ...cells(regression.fixedFindings)],
    ["Same findings", String(sameFindings), ""],
    ["New packages", ...cells(regression.newPackages)],
    ["Removed packages", ...cells(regression.removedPackages)],
    ["Dropped platforms", ...cells(regression.droppedPlatforms)],
  ]
  return [`### Against ${code(baseline)} ${shortDigest(digest)}`, table(["", "Number", "Which"], rows)]
}

function cells(names: readonly string[]): [string, string] {
  const rest = names.length - maxNames
  const shown = names.slice(0, maxNames).map((name) => code(name))
  return [String(names.length), shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "")]
}
