// What an image is compared with: the one that is promoted already, scanned by the same tools and database.
import { z } from "zod"
import { digestSchema, text } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"

const maxItems = 500_000

/** One platform of the baseline, reduced to what is compared. */
const platformSchema = z.strictObject({
  platform: text,
  digest: digestSchema,
  os: text.exactOptional(),
  /** `id package` of each finding with its severity; the package by purl without version and qualifiers. */
  findings: z.array(z.strictObject({ id: text, package: text, severity: text })).max(maxItems),
  /** Packages by purl without version and qualifiers, sorted; left out when the scan did not list them. */
  packages: z.array(text).max(maxItems).exactOptional(),
  /** When its config says that it was built. */
  created: text.exactOptional(),
})

const comparedSchema = z.strictObject({
  reference: text,
  digest: digestSchema,
  platforms: z.array(platformSchema).max(1000),
})

/** There is a tag to compare with and it could not be assessed; or there is none, which is said too. */
export const baselineSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("compared"), baseline: comparedSchema }),
  z.strictObject({ kind: z.literal("none"), reference: text }),
  z.strictObject({ kind: z.literal("failed"), reference: text, message: text }),
])

export type BaselineResult = Immutable<z.infer<typeof baselineSchema>>
export type Baseline = Immutable<z.infer<typeof comparedSchema>>
export type BaselinePlatform = Baseline["platforms"][number]
