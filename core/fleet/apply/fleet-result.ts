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

// A new outcome has to say here whether a pipeline goes on after it.
const passing: Readonly<Record<FleetOutcome, boolean>> = {
  ...{ copied: true, completed: true, unchanged: true, known: true, retired: true, "not-there": true },
  ...{ promote: true, dryrun: true },
  ...{ failed: false, "unknown-age": false, blocked: false, "blocked-missing-sbom": false, unassessed: false },
}

export function isFleetOutcome(name: string): name is FleetOutcome {
  return Object.hasOwn(passing, name)
}

/** Whether a pipeline goes on after it; never after what is none of ours. */
export function isFleetPassing(outcome: string): boolean {
  return isFleetOutcome(outcome) && passing[outcome]
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
