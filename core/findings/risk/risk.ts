// What the world knows of a vulnerability's exploitation: CISA's known exploited vulnerabilities, and FIRST's EPSS.
// https://www.cisa.gov/known-exploited-vulnerabilities-catalog and https://www.first.org/epss/data_stats
import type { Digest } from "../../oci/digest.js"

/** Where a feed came from and of when it is. */
export type FeedInfo = {
  /** File name or URL without credentials. */
  readonly source: string
  readonly digest: Digest
  /** The feed's own date, ISO 8601 in UTC. */
  readonly date: string
  /** How many entries the feed has: a nearly empty one is not a feed. */
  readonly entries: number
}

export type KnownExploited = {
  readonly id: string
  readonly dateAdded: string
  readonly dueDate?: string
  readonly ransomware: boolean
}

/** `score` and `percentile` from 0 to 1. */
export type EpssScore = { readonly id: string; readonly score: number; readonly percentile: number }

/** Only what is about the image's own findings; `problem` says why a feed could not be used. */
export type RiskData = {
  readonly knownExploited?: { readonly feed: FeedInfo; readonly entries: readonly KnownExploited[] }
  readonly epss?: { readonly feed: FeedInfo; readonly scores: readonly EpssScore[] }
  readonly problems: readonly { readonly feed: "known-exploited" | "epss"; readonly message: string }[]
}
