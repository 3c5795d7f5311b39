// An inventory, read again for a report.
import { z } from "zod"
import { digestSchema, text, timeSchema } from "../oci/document-parts.js"
import { checkSchema } from "../oci/json.js"
import type { ReportedInventory } from "./report.js"

export const inventoryType = "https://cssc.dev/inventory/v1"

const maxTags = 10_000
const maxTexts = 10_000
const short = text.max(1000)

const rowSchema = z.looseObject({
  tag: short,
  state: z.enum(["proven", "unproven", "unread"]),
  digest: digestSchema.optional(),
  problems: z.array(text).max(maxTexts),
  timeVerified: timeSchema.optional(),
  provenUntil: timeSchema.optional(),
  ends: z
    .array(z.looseObject({ what: text, owner: short.optional(), expires: timeSchema }))
    .max(maxTexts)
    .optional(),
})
const inventorySchema = z.looseObject({
  schema: z.literal(inventoryType),
  repository: short,
  checkedAt: timeSchema,
  rows: z.array(rowSchema).max(maxTags),
})

/** Throws `REPORT_INVALID` with what is malformed. */
export function readInventory(document: unknown, name: string): ReportedInventory {
  return checkSchema(inventorySchema, document, "REPORT_INVALID", name)
}
