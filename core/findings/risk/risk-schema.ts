// Risk data inside an assessment document that comes as a file.
import { z } from "zod"
import { digestSchema, text, timeSchema } from "../document-parts.js"

const maxEntries = 200_000
export const feedSchema = z.strictObject({
  source: text,
  digest: digestSchema,
  date: timeSchema,
  entries: z.int().min(0),
})
const share = z.number().min(0).max(1)

export const riskSchema = z.strictObject({
  knownExploited: z
    .strictObject({
      feed: feedSchema,
      entries: z
        .array(z.strictObject({ id: text, dateAdded: text, dueDate: text.exactOptional(), ransomware: z.boolean() }))
        .max(maxEntries),
    })
    .exactOptional(),
  epss: z
    .strictObject({
      feed: feedSchema,
      scores: z.array(z.strictObject({ id: text, score: share, percentile: share })).max(maxEntries),
    })
    .exactOptional(),
  problems: z.array(z.strictObject({ feed: z.enum(["known-exploited", "epss"]), message: text })).max(10),
})
