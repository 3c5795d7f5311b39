// A baseline inside an assessment document that comes as a file.
import { z } from "zod"
import { digestSchema, text } from "./document-parts.js"

const maxItems = 500_000

const platformSchema = z.strictObject({
  platform: text,
  digest: digestSchema,
  os: text.exactOptional(),
  findings: z.array(z.strictObject({ id: text, package: text, severity: text })).max(maxItems),
  packages: z.array(text).max(maxItems).exactOptional(),
  created: text.exactOptional(),
})

export const baselineSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("compared"),
    baseline: z.strictObject({ reference: text, digest: digestSchema, platforms: z.array(platformSchema).max(1000) }),
  }),
  z.strictObject({ kind: z.literal("none"), reference: text }),
  z.strictObject({ kind: z.literal("failed"), reference: text, message: text }),
])
