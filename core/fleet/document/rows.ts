// Rows of a plan, and of an applied fleet.
import type { Digest } from "../../oci/digest.js"

export type EntryRow = {
  readonly kind: string
  readonly source: string
  readonly target: string
  /** selected, nothing-matched, missing, failed. */
  readonly outcome: string
  readonly why?: string
  /** That nothing matched, or is there, is no failure: left out when it is one. */
  readonly accepted?: boolean
  /** Tags of the source's repository, and images that are meant. */
  readonly listed: number
  readonly images: number
}

/** `source` and `target` have the tag; what else was found and done stands beside. */
export type ImageRow = {
  readonly kind: string
  readonly source: string
  readonly target: string
  readonly why?: string
  /** Of the image; left out when nobody could resolve it. */
  readonly digest?: Digest
  /** Of a plan. */
  readonly action?: string
  /** Of a plan: it fails since nothing tells its age. */
  readonly unknownAge?: boolean
  /** Of an applied fleet. */
  readonly outcome?: string
}

export type Failure = {
  readonly kind: string
  readonly source: string
  readonly target: string
  readonly outcome: string
  readonly why: string
}
