// Images of a look at golden images, or of a retention, that did not pass, told by their rows.
import { z } from "zod"
import { failuresOf as failuresOfMonitoring } from "../monitor/monitoring.js"
import { digestSchema } from "../oci/document-parts.js"
import { checkSchema } from "../oci/json.js"
import { failuresOf as failuresOfRetention } from "../retention/retention-row.js"

/** What a pipeline stops by. */
export type Stop = { readonly target: string; readonly outcome: string }

const short = z.string().max(4000)
const maxImages = 100_000
const named = { tags: z.array(short).max(maxImages), digest: digestSchema.optional() }
const watchedSchema = z.object({
  repository: short,
  images: z
    .array(
      z.union([
        z.object({
          ...named,
          state: z.enum(["unchanged", "changed", "first"]),
          outcome: short,
          passed: z.boolean(),
          proof: z.object({ state: z.enum(["renewed", "taken-back", "left", "failed"]) }).optional(),
        }),
        z.object({ ...named, state: z.literal("unread"), outcome: short }),
      ]),
    )
    .max(maxImages),
})

/** Throws `REPORT_INVALID`, also for a state that is not known. */
export function unpassedWatched(json: unknown, name: string): readonly Stop[] {
  const { repository, images } = checkSchema(watchedSchema, json, "REPORT_INVALID", name)
  return failuresOfMonitoring(repository, images)
}

const retainedSchema = z.object({
  repository: short,
  applied: z.boolean(),
  images: z
    .array(
      z.object({
        ...named,
        decision: z.enum(["delete", "keep"]),
        done: z.object({ status: z.enum(["deleted", "skipped", "failed"]) }).optional(),
      }),
    )
    .max(maxImages),
})

/** Deletions that were to be made and were not; a plan did nothing. Throws `REPORT_INVALID`. */
export function unpassedRetained(json: unknown, name: string): readonly Stop[] {
  const { repository, applied, images } = checkSchema(retainedSchema, json, "REPORT_INVALID", name)
  return applied ? failuresOfRetention(repository, images) : []
}
