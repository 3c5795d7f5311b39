// Entries and images as rows of a document, each with why it ended so.
import { cleanLine } from "../../clean-line.js"
import { listSome } from "../../list-some.js"
import { bare, formatReference, repositoryName } from "../../oci/reference.js"
import { type FleetImage, isFleetPassing } from "../apply/fleet-result.js"
import type { FleetEntry } from "../config/fleet.js"
import type { PlannedImage } from "../plan/planned.js"
import type { Survey } from "../plan/survey.js"
import type { EntryRow, ImageRow } from "./rows.js"

type Found = Omit<Survey, "images"> & { readonly images: readonly unknown[] }

export function entryRow({ entry, outcome, why, listed, images }: Found): EntryRow {
  const { kind, source, target } = entry
  const ends = { source: repositoryName(source), target: repositoryName(target) }
  const accepted = entry.allowMissing && outcome !== "selected" && outcome !== "failed" ? { accepted: true } : {}
  return { kind, ...ends, outcome, ...said(why), ...accepted, listed, images: images.length }
}

function ends({ kind, source, target }: FleetEntry, tag: string) {
  const at = (repository: FleetEntry["source"]) => formatReference({ ...bare(repository), tag })
  return { kind, source: at(source), target: at(target) }
}

export function plannedRow(entry: FleetEntry, { image, action, why, isDeleted }: PlannedImage): ImageRow {
  const { tag, digest, targetDigest } = image
  return {
    ...ends(entry, tag),
    action,
    ...said(why),
    ...(digest === undefined ? {} : { digest }),
    ...(targetDigest === undefined ? {} : { previousDigest: targetDigest }),
    ...(isDeleted ? { deleteSource: true } : {}),
    ...(image.isUnknownAge === true ? { unknownAge: true } : {}),
  }
}

export function appliedRow(entry: FleetEntry, image: FleetImage): ImageRow {
  const { tag, outcome, digest, previousDigest, run } = image
  const why = image.why ?? (isFleetPassing(outcome) ? undefined : reasonOf(run))
  return {
    ...ends(entry, tag),
    outcome,
    ...said(why),
    ...(digest === undefined ? {} : { digest }),
    ...(previousDigest === undefined ? {} : { previousDigest }),
    ...mirrored(image),
    ...promoted(image),
  }
}

// Reasons can hold a stranger's text; readers of a row take no more than this.
function said(why: string | undefined): { readonly why?: string } {
  return why === undefined ? {} : { why: cleanLine(why) }
}

function mirrored({ mirror }: FleetImage) {
  if (mirror === undefined) return {}
  const { copied, referrers, lying, digestTags, repaired, history, provenance } = mirror
  return { copied, referrers, lying, digestTags, repaired, history, provenance }
}

// Without the verdict, which stands in the results of its run: a fleet's result stays small.
function promoted({ run }: FleetImage) {
  if (run === undefined || "error" in run) return {}
  const { copied, tagged, evidence, carried, digestTags, leftBehind, deletion, pruned, sourceMovedTo } = run.promotion
  const optional = Object.entries({ deletion, pruned, sourceMovedTo }).filter(([, value]) => value !== undefined)
  return { copied, tagged, evidence, carried, digestTags, leftBehind, ...Object.fromEntries(optional) }
}

const maxReasons = 3

function reasonOf(run: FleetImage["run"]): string | undefined {
  if (run === undefined || "error" in run) return undefined
  const { verdict, error } = run.promotion
  if (error !== undefined) return error
  const { reasons } = verdict
  const blocking = reasons.filter(({ effect }) => effect === "block").map(({ message }) => message)
  return listSome(blocking, maxReasons, "; ")
}
