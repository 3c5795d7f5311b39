// Entries and images as rows of a document, and what of them keeps a pipeline from going on.
import { bare, formatReference, repositoryName } from "../../oci/reference.js"
import { type AppliedEntry, type FleetImage, isFleetPassing } from "../apply/fleet-result.js"
import type { FleetEntry } from "../config/fleet.js"
import type { PlannedEntry, PlannedImage } from "../plan/planned.js"
import type { Survey } from "../plan/survey.js"
import type { EntryRow, Failure, ImageRow } from "./fleet-document.js"

type Found = Omit<Survey, "images"> & { readonly images: readonly unknown[] }

export function entryRow({ entry, outcome, why, listed, images }: Found): EntryRow {
  const { kind, source, target } = entry
  const ends = { source: repositoryName(source), target: repositoryName(target) }
  return { kind, ...ends, outcome, ...(why === undefined ? {} : { why }), listed, images: images.length }
}

/** An entry that found less than it was to find. */
export function entryFailures(found: Found): readonly Failure[] {
  const { entry, outcome, why = "" } = found
  const isAccepted = outcome === "selected" || (outcome !== "failed" && entry.allowMissing)
  if (isAccepted) return []
  const { kind, source, target } = entryRow(found)
  return [{ kind, source, target, outcome, why }]
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
    why,
    ...(digest === undefined ? {} : { digest }),
    ...(targetDigest === undefined ? {} : { previousDigest: targetDigest }),
    ...(isDeleted ? { deleteSource: true } : {}),
  }
}

export function plannedFailures({ entry, images }: PlannedEntry): readonly Failure[] {
  return images
    .filter(({ action }) => action === "fail")
    .map(({ image, why }) => {
      const outcome = image.isUnknownAge === true ? "unknown-age" : "failed"
      return { ...ends(entry, image.tag), outcome, why }
    })
}

export function appliedRow(entry: FleetEntry, image: FleetImage): ImageRow {
  const { tag, outcome, digest, previousDigest, why } = image
  return {
    ...ends(entry, tag),
    outcome,
    ...(why === undefined ? {} : { why }),
    ...(digest === undefined ? {} : { digest }),
    ...(previousDigest === undefined ? {} : { previousDigest }),
    ...mirrored(image),
    ...promoted(image),
  }
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

export function appliedFailures({ entry, images }: AppliedEntry): readonly Failure[] {
  return images
    .filter(({ outcome }) => !isFleetPassing(outcome))
    .map(({ tag, outcome, why, run }) => ({ ...ends(entry, tag), outcome, why: why ?? reasonOf(run) }))
}

const maxReasons = 3

function reasonOf(run: FleetImage["run"]): string {
  if (run === undefined || "error" in run) return ""
  const { reasons } = run.promotion.verdict
  const blocking = reasons.filter(({ effect }) => effect === "block").map(({ message }) => message)
  const more = blocking.length > maxReasons ? `; and ${blocking.length - maxReasons} more` : ""
  return `${blocking.slice(0, maxReasons).join("; ")}${more}`
}
