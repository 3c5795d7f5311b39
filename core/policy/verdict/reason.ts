// Why an image is stopped, or what is told of it: a code for machines and a sentence for people.
import { z } from "zod"
import { text } from "../../oci/document-parts.js"
import type { Immutable } from "../../oci/immutable.js"

export const reasonCodes = [
  "FINDINGS",
  "UNKNOWN_SEVERITY",
  "MISSING_SBOM",
  "UNASSESSED",
  "END_OF_LIFE",
  "DATABASE_STALE",
  "DATABASE_UNKNOWN",
  "PLATFORM_MISSING",
  "NO_INPUT",
  "SCAN_FAILED",
  "TOOL_DENIED",
  "METHOD_REFUSED",
  "EVIDENCE_MISSING",
  "EVIDENCE_UNSIGNED",
  "EVIDENCE_STALE",
  "EVIDENCE_UNREADABLE",
  "EVIDENCE_REMOVED",
  "SIGNATURE_INVALID",
  "SBOM_MISMATCH",
  "VEX_CONFLICT",
  "VEX_UNUSABLE",
  "VEX_UNTRUSTED",
  "KNOWN_EXPLOITED",
  "EXPLOIT_LIKELY",
  "RISK_FEED_STALE",
  "RISK_FEED_MISSING",
  "NEW_FINDINGS",
  "NEW_PACKAGES",
  "PLATFORM_DROPPED",
  "ROLLBACK",
  "BASE_OS_CHANGED",
  "BASELINE_MISSING",
  "OVERRIDE",
  "EXCEPTION_EXPIRED",
  "EXCEPTION_FIXABLE",
  "EXCEPTION_EXPIRING",
  "EXCEPTION_UNUSED",
] as const

/** One reason; `block` stops the image, `report` is only told. */
export const reasonSchema = z.strictObject({
  code: z.enum(reasonCodes),
  effect: z.enum(["block", "report"]),
  platform: text.exactOptional(),
  message: z.string(),
})
export type Reason = Immutable<z.infer<typeof reasonSchema>>
export type ReasonCode = Reason["code"]
