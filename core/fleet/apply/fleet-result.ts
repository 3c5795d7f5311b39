// How each image of a fleet ends.
import type { MirrorResult } from "../../acquire/mirror-result.js"
import type { Digest } from "../../oci/digest.js"
import type { PromotionResult } from "../../promote/promotion-result.js"
import type { TagRun } from "../../promote/quarantine-run.js"
import type { Survey } from "../plan/survey.js"

/**
 * A mirror: `copied`; `completed`, when only what is attached came or was repaired; `unchanged`; `known`, acquired before;
 * `retired`, taken out of use here. A promotion: its verdict's outcome; `unchanged`, promoted before; `not-there`, since the
 * entry before did not bring it. Both: `failed`, and `unknown-age`.
 */
export type FleetOutcome =
  | "copied"
  | "completed"
  | "unchanged"
  | "known"
  | "retired"
  | "not-there"
  | "failed"
  | "unknown-age"
  | PromotionResult["outcome"]

const passing: ReadonlySet<FleetOutcome> = new Set([
  ...(["copied", "completed", "unchanged", "known", "retired", "not-there"] as const),
  ...(["promote", "dryrun"] as const),
])

export function isFleetPassing(outcome: FleetOutcome): boolean {
  return passing.has(outcome)
}

export type FleetImage = {
  readonly tag: string
  readonly outcome: FleetOutcome
  readonly digest?: Digest
  readonly previousDigest?: Digest
  /** Why it is no success, or why nothing was done. */
  readonly why?: string
  /** When something was looked at or done. */
  readonly mirror?: MirrorResult
  readonly run?: TagRun
}

export type AppliedEntry = Omit<Survey, "images"> & { readonly images: readonly FleetImage[] }
