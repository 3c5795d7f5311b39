// One image of a fleet mirrored: what its plan found is not asked again, and what fails is its own end.
import { acquireImage } from "../../acquire/mirror.js"
import type { MirrorRequest, MirrorResult } from "../../acquire/mirror-result.js"
import { bare } from "../../oci/reference.js"
import type { Operation } from "../../operation.js"
import type { MirrorEntry } from "../config/fleet.js"
import type { PlannedImage } from "../plan/planned.js"
import { failureText, type SurveyedImage } from "../plan/survey.js"
import type { FleetImage, FleetOutcome } from "./fleet-result.js"

/** Whether the source is read with credentials, which provenance tells; and the history as it was planned by. */
export type MirrorSettings = Pick<MirrorRequest, "sourceAuthenticated" | "knownHistory">

export async function applyMirror(
  operation: Operation,
  entry: MirrorEntry,
  { image, action, why }: PlannedImage,
  settings: MirrorSettings,
): Promise<FleetImage> {
  const { tag, digest, targetDigest } = image
  const ends = { tag, ...(digest === undefined ? {} : { digest }), ...previous(image) }
  if (action === "fail" || digest === undefined)
    return { ...ends, outcome: image.isUnknownAge === true ? "unknown-age" : "failed", why }
  if (action === "none") return { ...ends, outcome: "unchanged" }
  try {
    const result = await acquireImage(operation, requestOf(entry, image, settings))
    const outcome = outcomeOf(result, digest === targetDigest)
    return { ...ends, digest: result.digest, outcome, ...whyOf(result), mirror: result }
  } catch (error) {
    return { ...ends, outcome: "failed", why: failureText(error) }
  }
}

function previous({ targetDigest }: SurveyedImage) {
  return targetDigest === undefined ? {} : { previousDigest: targetDigest }
}

// Pinned: what was planned is what comes, wherever the tag is by now.
function requestOf(entry: MirrorEntry, { tag, digest }: SurveyedImage, settings: MirrorSettings): MirrorRequest {
  const { source, target, force, referrers, history, provenance, platforms } = entry
  return {
    source: { ...bare(source), tag, ...(digest === undefined ? {} : { digest }) },
    target: { ...bare(target), tag },
    ...{ force, referrers: referrers !== "never", history, provenance, platforms },
    newDigest: platforms.length > 0,
    dryRun: false,
    ...settings,
  }
}

function outcomeOf({ copied, retired, history }: MirrorResult, isSame: boolean): FleetOutcome {
  if (retired !== undefined) return "retired"
  if (copied) return isSame ? "completed" : "copied"
  return history === "known" ? "known" : "unchanged"
}

function whyOf({ retired, history }: MirrorResult): Pick<FleetImage, "why"> {
  if (retired !== undefined) return { why: retired }
  return history === "rollback" ? { why: "upstream went back to an older digest" } : {}
}
