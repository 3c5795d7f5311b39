// The image against the promoted one: how many, and the first of each.
import { code, type Content, fold, type Page, some, table } from "../../page/page.js"
import type { Regression } from "../../policy/verdict/verdict.js"

const maxNames = 5

export function renderRegression(regression: Regression | undefined): Page {
  if (regression === undefined) return []
  const { baseline, newFindings, fixedFindings, sameFindings } = regression
  const rows = [
    ["New findings", ...cells(newFindings)],
    ["Fixed findings", ...cells(fixedFindings)],
    ["Same findings", String(sameFindings), ""],
    ["New packages", ...cells(regression.newPackages)],
    ["Removed packages", ...cells(regression.removedPackages)],
    ["Dropped platforms", ...cells(regression.droppedPlatforms)],
  ]
  const numbers = `${newFindings.length} new, ${fixedFindings.length} fixed, ${sameFindings} the same`
  return [fold(`Against ${baseline}: ${numbers}`, [table(["", "Number", "Which"], rows)])]
}

function cells(names: readonly string[]): [string, Content] {
  const which = some(
    names.map((name) => code(name)),
    maxNames,
  )
  return [String(names.length), which]
}
