// One vulnerability in one package of one platform.
import { z } from "zod"
import { text } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"

export const severities = ["UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const

/** The keys of a finding; a judged finding has more. */
export const findingShape = {
  /** CVE, GHSA or vendor id, as the scanner reports it. */
  id: z.string().min(1).max(256),
  /** Other ids of the same vulnerability (VendorIDs and the like). */
  aliases: z.array(z.string().max(256)).max(100),
  severity: z.enum(severities),
  /** purl of the package, or "" when the scanner gives none. */
  purl: text,
  package: text,
  version: text,
  fixedVersion: text.exactOptional(),
  /** The vendor's status of the fix: affected, fixed, will_not_fix, end_of_life … */
  status: text.exactOptional(),
  title: text.exactOptional(),
  url: text.exactOptional(),
  /** Where in the image: the scanner's target. */
  target: text,
  /** Who suppressed it and why; only on suppressed findings. */
  suppression: z.strictObject({ by: text, statement: text, source: text }).exactOptional(),
}

export const findingSchema = z.strictObject(findingShape)
export type Finding = Immutable<z.infer<typeof findingSchema>>
/** Ordered: UNKNOWN < LOW < MEDIUM < HIGH < CRITICAL. */
export type Severity = Finding["severity"]
