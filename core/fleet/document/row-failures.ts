// What keeps a pipeline from going on, told by the rows alone: whoever writes, reads, merges or checks a document asks here.
import { isFleetPassing } from "../apply/fleet-result.js"
import type { EntryRow, Failure, ImageRow } from "./rows.js"

/** Entries that found less than they were to find, and images that did not pass. */
export function failuresOfRows(entries: readonly EntryRow[], images: readonly ImageRow[]): readonly Failure[] {
  return [...entries.filter((row) => !isEntryPassing(row)).map(failureOf), ...images.flatMap(imageFailure)]
}

function isEntryPassing({ outcome, accepted }: EntryRow): boolean {
  return outcome === "selected" || (outcome !== "failed" && accepted === true)
}

function imageFailure(row: ImageRow): readonly Failure[] {
  if (row.outcome === undefined)
    return row.action === "fail"
      ? [failureOf({ ...row, outcome: row.unknownAge === true ? "unknown-age" : "failed" })]
      : []
  return isFleetPassing(row.outcome) ? [] : [failureOf({ ...row, outcome: row.outcome })]
}

function failureOf({ kind, source, target, outcome, why = "" }: Omit<Failure, "why"> & { readonly why?: string }) {
  return { kind, source, target, outcome, why }
}
