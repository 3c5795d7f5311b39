// A plan: what would be done with each image and why, and which entries found nothing.
import type { HistorySnapshot } from "../../acquire/history-snapshot.js"
import type { Digest } from "../../oci/digest.js"
import type { FleetEntry } from "../config/fleet.js"
import type { Survey, SurveyedImage } from "./survey.js"

/**
 * `copy`: it comes. `look`: it may turn out that something is to be done. `judge`: scanned, and promoted when it passes.
 * `none`: nothing. `fail`: nothing can be done.
 */
export type PlannedAction = "copy" | "look" | "judge" | "none" | "fail"

export type PlannedImage = {
  readonly image: SurveyedImage
  readonly action: PlannedAction
  readonly why: string
  /** The source's image goes once it was promoted. */
  readonly isDeleted: boolean
}

export type PlannedEntry = Omit<Survey, "images"> & {
  readonly images: readonly PlannedImage[]
  /** Of a mirror's target, when something would come. */
  readonly history?: HistorySnapshot
}

/** What an image's decision needs beside what is there. */
export type Known = {
  /** Whether the mirror history has the source's digest under this tag. */
  readonly isAcquired: (tag: string, digest: Digest) => boolean
}

/** Decides what is to be done with one image: pure. */
export function planImage(entry: FleetEntry, image: SurveyedImage, known: Known): PlannedImage {
  const { action, why } = decide(entry, image, known)
  const isDeleted = entry.kind === "promotion" && entry.deleteSource && (action === "judge" || action === "look")
  return { image, action, why, isDeleted }
}

type Decision = Pick<PlannedImage, "action" | "why">

function decide(entry: FleetEntry, image: SurveyedImage, known: Known): Decision {
  if (image.error !== undefined) return { action: "fail", why: image.error }
  if (image.isUnknownAge === true) return { action: "fail", why: "nothing tells when it was made" }
  return entry.kind === "mirror" ? decideMirror(entry, image, known) : decidePromotion(entry, image)
}

function decideMirror(
  { platforms, referrers, history, force }: Extract<FleetEntry, { kind: "mirror" }>,
  { tag, digest, targetDigest }: SurveyedImage,
  { isAcquired }: Known,
): Decision {
  if (platforms.length > 0) return { action: "look", why: "the chosen platforms are compared" }
  if (force) return { action: "copy", why: "force" }
  if (digest === targetDigest)
    return referrers === "always"
      ? { action: "look", why: "unchanged; what is attached is compared" }
      : { action: "none", why: "unchanged" }
  if (history && digest !== undefined && isAcquired(tag, digest))
    return { action: "look", why: "acquired before; again only when something new is attached" }
  return { action: "copy", why: targetDigest === undefined ? "not at the target" : "the tag moved" }
}

function decidePromotion(
  { judgeAgain, deleteSource }: Extract<FleetEntry, { kind: "promotion" }>,
  { digest, targetDigest, coming }: SurveyedImage,
): Decision {
  if (coming === "perhaps") return { action: "look", why: "judged if the mirror brings it" }
  if (digest !== targetDigest)
    return { action: "judge", why: targetDigest === undefined ? "not promoted" : "the tag moved" }
  if (judgeAgain) return { action: "judge", why: "promoted; judged again" }
  return deleteSource ? { action: "judge", why: "promoted; still at the source" } : { action: "none", why: "promoted" }
}
