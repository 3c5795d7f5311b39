// A plan, or what became of it, told: what fails first, then what changes; what does not is folded away.
import {
  code,
  type Content,
  counted,
  fold,
  heading,
  type Inline,
  type Page,
  paragraph,
  type Sign,
  signed,
  table,
} from "../../page/page.js"
import { type FleetDocument, planSchemaId } from "./fleet-document.js"
import type { EntryRow, ImageRow } from "./rows.js"

const maxRows = 200

/** The summary of a plan or an applied fleet. */
export function renderFleet(document: FleetDocument): Page {
  const { schema, config, shard, images, failures, entries, requests, digest } = document
  const isPlan = schema === planSchemaId
  const title = `${isPlan ? "Plan" : "Fleet"} ${config.source}${shard === undefined ? "" : `, shard ${shard}`}`
  const failed = new Set(failures.map(({ target }) => target))
  const rows = images.filter(({ target }) => !failed.has(target))
  const quiet = rows.filter((row) => isQuiet(row))
  const total = Object.values(requests).reduce(
    (sum, methods) => sum + Object.values(methods).reduce((a, b) => a + b, 0),
    0,
  )
  return [
    heading(2, signed(document.passed ? "good" : "bad"), ` ${title}`),
    paragraph(...tally(document)),
    ...(failures.length === 0 ? [] : [heading(3, `Failed (${failures.length})`), failureTable(document)]),
    ...changes(
      rows.filter((row) => !isQuiet(row)),
      isPlan,
    ),
    ...(quiet.length === 0 ? [] : [fold(`Unchanged (${quiet.length})`, [imageTable(quiet)])]),
    fold(`Entries (${entries.length})`, [entryTable(entries)]),
    paragraph(`${counted(total, "request")}. Digest `, code(digest)),
  ]
}

function isQuiet({ action, outcome }: ImageRow): boolean {
  return ["none", "unchanged", "known", "not-there"].includes(outcome ?? action ?? "")
}

function changes(rows: readonly ImageRow[], isPlan: boolean): Page {
  if (rows.length === 0) return [paragraph(isPlan ? "Nothing would be done." : "Nothing was done.")]
  return [heading(3, `${isPlan ? "Would be done" : "Done"} (${rows.length})`), imageTable(rows)]
}

function imageTable(rows: readonly ImageRow[]) {
  const cells = rows.map((row): Content[] => {
    const { action, outcome, target, source, why = "" } = row
    const isDeleted = "deleteSource" in row
    return [
      outcome ?? action ?? "",
      code(target),
      code(source),
      `${why}${isDeleted ? "; then deleted at the source" : ""}`,
    ]
  })
  return table(["What", "Target", "Source", "Why"], cells, maxRows)
}

function failureTable({ failures }: FleetDocument) {
  const cells = failures.map(({ outcome, target, source, why }): Content[] => [
    outcome,
    code(target),
    code(source),
    why,
  ])
  return table(["Outcome", "Target", "Source", "Why"], cells, maxRows)
}

function entryTable(entries: readonly EntryRow[]) {
  const cells = entries.map(({ kind, source, target, outcome, images, listed }): Content[] => {
    return [kind, code(source), code(target), outcome, `${images} of ${listed}`]
  })
  return table(["Kind", "Source", "Target", "Selection", "Tags"], cells, maxRows)
}

const signs: Readonly<Record<string, Sign>> = {
  ...{ copied: "good", completed: "good", promote: "good", unchanged: "same", none: "same", known: "same" },
  ...{ failed: "bad", fail: "bad", blocked: "bad", "blocked-missing-sbom": "bad", unassessed: "unknown" },
}

function tally({ images, totals }: FleetDocument): Inline[] {
  if (images.length === 0) return ["No image is meant: nothing to do."]
  const parts = Object.entries(totals)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, number]): Inline[] => [", ", signed(signs[name] ?? "same"), ` ${number} ${name}`])
  return [`${counted(images.length, "image")}: `, ...parts.slice(1)]
}
