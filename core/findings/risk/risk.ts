// What the world knows of a vulnerability's exploitation: CISA's known exploited vulnerabilities, and FIRST's EPSS.
// https://www.cisa.gov/known-exploited-vulnerabilities-catalog and https://www.first.org/epss/data_stats
import { z } from "zod"
import { digestSchema, text, timeSchema } from "../../oci/document-parts.js"
import type { Immutable } from "../../oci/immutable.js"

const maxEntries = 200_000
const share = z.number().min(0).max(1)

/** Where a feed came from and of when it is. */
export const feedSchema = z.strictObject({
  /** File name or URL without credentials. */
  source: text,
  digest: digestSchema,
  /** The feed's own date, ISO 8601 in UTC. */
  date: timeSchema,
  /** How many entries the feed has: a nearly empty one is not a feed. */
  entries: z.int().min(0),
})
export type FeedInfo = Immutable<z.infer<typeof feedSchema>>

const exploitedSchema = z.strictObject({
  id: text,
  dateAdded: text,
  dueDate: text.exactOptional(),
  ransomware: z.boolean(),
})
export type KnownExploited = Immutable<z.infer<typeof exploitedSchema>>

const scoreSchema = z.strictObject({ id: text, score: share, percentile: share })
export type EpssScore = Immutable<z.infer<typeof scoreSchema>>

/** Only what is about the image's own findings; `problem` says why a feed could not be used. */
export const riskSchema = z.strictObject({
  knownExploited: z
    .strictObject({ feed: feedSchema, entries: z.array(exploitedSchema).max(maxEntries) })
    .exactOptional(),
  epss: z.strictObject({ feed: feedSchema, scores: z.array(scoreSchema).max(maxEntries) }).exactOptional(),
  problems: z.array(z.strictObject({ feed: z.enum(["known-exploited", "epss"]), message: text })).max(10),
})
export type RiskData = Immutable<z.infer<typeof riskSchema>>
