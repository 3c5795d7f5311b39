// The decision about one image: what was judged, under which policy, and every reason. Pure data; the same inputs and
// the same `now` give the same bytes.
import { z } from "zod"
import { signatureSchema } from "../../attestation/signature.js"
import { databaseSchema, imageSchema, maxPlatforms, methodSchema, toolSchema } from "../../findings/assessment.js"
import { findingShape, severities } from "../../findings/finding.js"
import { feedSchema } from "../../findings/risk/risk.js"
import { maxFindings, unassessedSchema } from "../../findings/scan-result.js"
import { digestSchema, text, timeSchema } from "../../oci/document-parts.js"
import type { Immutable } from "../../oci/immutable.js"
import { reasonSchema } from "./reason.js"
import { exceptionUseSchema, ids, overrideUseSchema, regressionSchema, vexUseSchema } from "./verdict-parts.js"

export { type Reason, type ReasonCode, reasonCodes } from "./reason.js"
export type { ExceptionUse, Override, OverrideUse, Regression, VexUse } from "./verdict-parts.js"

/** `promote` is the only outcome that lets an image pass. */
export const outcomes = ["promote", "blocked", "blocked-missing-sbom", "unassessed"] as const
export const judgements = ["blocking", "excepted", "overridden", "suppressed", "below-threshold", "ignored"] as const

/** A finding as the policy sees it; it never disappears, it only changes `judgement`. */
const judgedSchema = z.strictObject({
  ...findingShape,
  platform: text,
  judgement: z.enum(judgements),
  /** Why it does not block, with source and expiry. */
  because: z.strictObject({ by: text, statement: text, source: text, expires: text.exactOptional() }).exactOptional(),
})

/** One row of the per-platform table. */
const rowSchema = z.strictObject({
  platform: text,
  digest: digestSchema,
  /** Distinct vulnerability ids at or above the threshold, before exceptions. */
  atThreshold: ids,
  /** Those that still block after exceptions. */
  blocking: ids,
  missingSbom: z.boolean(),
  unassessed: z.array(unassessedSchema),
  packages: z.int().min(0),
  os: text.exactOptional(),
  /** Who signed the SBOM that was scanned. */
  sbomSignature: signatureSchema.exactOptional(),
})

const inputSchema = z.strictObject({
  platform: text,
  digest: digestSchema,
  report: digestSchema.exactOptional(),
  sbom: digestSchema.exactOptional(),
})

export const verdictSchema = z.strictObject({
  schema: z.literal("https://cssc.dev/verdict/v1"),
  outcome: z.enum(outcomes),
  passed: z.boolean(),
  image: imageSchema,
  method: methodSchema,
  predicateType: text.exactOptional(),
  evaluatedAt: timeSchema,
  policy: z.strictObject({ digest: digestSchema, severity: z.enum(severities), source: text }),
  database: databaseSchema.exactOptional(),
  tools: z.array(toolSchema).max(1000),
  reasons: z.array(reasonSchema).max(100_000),
  /** Distinct ids at or above the threshold over all platforms (the composite action's "blocking"). */
  blocking: ids,
  /** Those left after exceptions. */
  remaining: ids,
  /** Those cleared by exceptions. */
  excepted: ids,
  platforms: z.array(rowSchema).max(maxPlatforms),
  findings: z.array(judgedSchema).max(maxFindings),
  exceptions: z.array(exceptionUseSchema).max(20_000),
  override: overrideUseSchema.exactOptional(),
  vex: z.array(vexUseSchema).max(10_000).exactOptional(),
  regression: regressionSchema.exactOptional(),
  /** The risk feeds that were used. */
  riskFeeds: z.array(feedSchema).max(10).exactOptional(),
  /** Digest of the assessment that was judged, in canonical order: what replays this verdict. */
  assessment: digestSchema,
  /** Digests of the scanner's raw reports that were judged, by platform digest. */
  reports: z.array(inputSchema).max(maxPlatforms),
})

export type Verdict = Immutable<z.infer<typeof verdictSchema>>
export type Outcome = Verdict["outcome"]
export type PlatformVerdict = Verdict["platforms"][number]
export type JudgedFinding = Verdict["findings"][number]
export type Judgement = JudgedFinding["judgement"]
