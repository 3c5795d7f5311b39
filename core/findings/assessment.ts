// What a scan of one image found, before any policy looks at it: the input of every decision, stored unfiltered so
// that a stricter policy can be replayed on it later.
import { z } from "zod"
import { signatureSchema } from "../attestation/signature.js"
import { digestSchema, text, timeSchema } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"
import { vexInputSchema } from "../vex/vex-document.js"
import { baselineSchema } from "./baseline.js"
import { platformSchema, problemSchema } from "./platform-assessment.js"
import { riskSchema } from "./risk/risk.js"

export type {
  AttestationFact,
  PlatformAssessment,
  Problem,
  ProblemCode,
  SbomComparison,
  SbomFact,
  SbomSource,
} from "./platform-assessment.js"
export type { ScanResult, UnassessedPackage } from "./scan-result.js"

export const maxPlatforms = 1000

/** How an image was assessed: its file systems (`image`) or the SBOMs attached to its platforms (`sbom`). */
export const scanMethods = ["image", "sbom"] as const
export const methodSchema = z.enum(scanMethods)
export type ScanMethod = z.infer<typeof methodSchema>

/** `endOfLife` is YYYY-MM-DD or RFC 3339, as written. */
const lifecycleSchema = z.strictObject({
  endOfLife: text,
  referrer: digestSchema,
  signature: signatureSchema,
  /** What a tombstone of ours adds. */
  reason: text.exactOptional(),
  successor: text.exactOptional(),
})

/** The vulnerability database a scan used. */
export const databaseSchema = z.strictObject({
  reference: text.exactOptional(),
  digest: digestSchema.exactOptional(),
  version: z.number(),
  updatedAt: timeSchema,
  nextUpdate: timeSchema.exactOptional(),
})
export type DatabaseInfo = Immutable<z.infer<typeof databaseSchema>>

export const toolSchema = z.strictObject({ name: text, version: text, digest: text.exactOptional() })
export type ToolInfo = Immutable<z.infer<typeof toolSchema>>

export const imageSchema = z.strictObject({ reference: text, digest: digestSchema, mediaType: text })

/** The whole assessment of one image: one entry per platform, in the index's order. */
export const assessmentSchema = z.strictObject({
  schema: z.literal("https://cssc.dev/assessment/v1"),
  image: imageSchema,
  method: methodSchema,
  /** The SBOM's predicate type that was asked for; only with method `sbom`. */
  predicateType: text.exactOptional(),
  platforms: z.array(platformSchema).max(maxPlatforms),
  database: databaseSchema.exactOptional(),
  tools: z.array(toolSchema).max(1000),
  /** Who signed the image itself; left out when nobody looked. */
  signature: signatureSchema.exactOptional(),
  /** What its lifecycle artifact says; left out when there is none. */
  lifecycle: lifecycleSchema.exactOptional(),
  /** VEX documents about it, unjudged; left out when nobody looked. */
  vex: vexInputSchema.exactOptional(),
  /** What is known of the exploitation of its vulnerabilities; left out when nobody looked. */
  risk: riskSchema.exactOptional(),
  /** What it is compared with; left out when nobody asked. */
  baseline: baselineSchema.exactOptional(),
  /** What of the image as a whole could not be read; left out when all was. */
  problems: z.array(problemSchema).max(20_000).exactOptional(),
  startedAt: timeSchema,
  finishedAt: timeSchema,
})
export type Assessment = Immutable<z.infer<typeof assessmentSchema>>
export type Lifecycle = NonNullable<Assessment["lifecycle"]>
