// What the scanner said of one platform.
import { z } from "zod"
import { digestSchema, text } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"
import { findingSchema } from "./finding.js"

export const maxFindings = 200_000
export const maxPackages = 500_000

/** A package that the scanner passed over in silence, or lists without ever matching it with an advisory. */
export const unassessedSchema = z.strictObject({
  purl: text,
  name: text,
  version: text,
  /** Why it was not matched; left out when the scanner does not even list it. */
  reason: text.exactOptional(),
})
export type UnassessedPackage = Immutable<z.infer<typeof unassessedSchema>>

export const scanSchema = z.strictObject({
  os: z.strictObject({ family: text, name: text, endOfLife: z.boolean() }).exactOptional(),
  /** Packages that the scanner recognised. */
  packages: z.int().min(0),
  /** Those packages by purl without version and qualifiers, sorted; only when the image is compared with another. */
  packageNames: z.array(text).max(maxPackages).exactOptional(),
  findings: z.array(findingSchema).max(maxFindings),
  /** Findings that the scanner itself suppressed (VEX, ignore files): kept, never dropped. */
  suppressed: z.array(findingSchema).max(maxFindings),
  /** Components that nothing could assess, by purl type and name. */
  unassessed: z.array(unassessedSchema).max(maxPackages),
  /** Digest of the scanner's raw report, which is stored beside this document. */
  report: digestSchema,
})
export type ScanResult = Immutable<z.infer<typeof scanSchema>>
