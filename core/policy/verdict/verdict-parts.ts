// What moved findings aside, as a verdict tells it: exceptions, an override, VEX; and the comparison with the image that
// is promoted.
import { z } from "zod"
import { signatureStatuses } from "../../attestation/signature.js"
import { maxFindings } from "../../findings/scan-result.js"
import { digestSchema, text, timeSchema } from "../../oci/document-parts.js"
import type { Immutable } from "../../oci/immutable.js"
import { vexFormats } from "../../vex/vex-document.js"

export const ids = z.array(z.string().max(256)).max(maxFindings)

export const exceptionUseSchema = z.strictObject({
  id: text.exactOptional(),
  package: text.exactOptional(),
  reason: text,
  owner: text.exactOptional(),
  expires: text.exactOptional(),
  state: z.enum(["used", "unused", "expired", "expiring"]),
  /** How many findings or packages it moved aside. */
  uses: z.int().min(0),
  /** The purls of what it moved aside, without qualifiers, sorted: the first hundred. */
  packages: z.array(text).exactOptional(),
  /** Versions that fix what it accepts, sorted, the first hundred: it could be updated away. */
  fixedIn: z.array(text).exactOptional(),
})
export type ExceptionUse = Immutable<z.infer<typeof exceptionUseSchema>>

const overrideSchema = z.strictObject({
  /** The image that it is about; for any other it is nothing. */
  digest: digestSchema,
  approver: text,
  reason: text,
  /** Where it was decided: an issue or a change, such as a URL. */
  reference: text,
  /** What it covers, and nothing else. */
  cves: ids,
  /** Its last moment, ISO 8601 in UTC. */
  expires: timeSchema,
  /** When it was granted, ISO 8601 in UTC. */
  grantedAt: timeSchema,
})
/** Somebody's decision to let named vulnerabilities pass, once, for one digest. */
export type Override = Immutable<z.infer<typeof overrideSchema>>

/** An override in a verdict, with what it did there. */
export const overrideUseSchema = overrideSchema.extend({
  state: z.enum(["used", "unused", "expired"]),
  /** The named vulnerabilities that it let pass. */
  covered: ids,
  /** Named, and not found. */
  notFound: ids,
})
export type OverrideUse = Immutable<z.infer<typeof overrideUseSchema>>

/** One VEX document in a verdict: whether it counted, and what each of its statements did. */
export const vexUseSchema = z.strictObject({
  source: text,
  digest: digestSchema,
  format: z.enum(vexFormats),
  author: text,
  publisher: text.exactOptional(),
  signature: z.enum(signatureStatuses),
  trusted: z.boolean(),
  /** Why it does not count. */
  why: text.exactOptional(),
  /** Findings that its statements suppressed: vulnerability, platform and package. */
  suppressed: z.array(z.strictObject({ id: text, platform: text, purl: text })).max(maxFindings),
  /** Vulnerabilities of statements that match nothing in this image, sorted, the first thousand. */
  unmatched: z.array(text).max(1000),
  statements: z.int().min(0),
})
export type VexUse = Immutable<z.infer<typeof vexUseSchema>>

const names = z.array(text).max(500_000)

/** The image compared with the promoted one; finding names are `id package`. */
export const regressionSchema = z.strictObject({
  baseline: text,
  digest: digestSchema,
  newFindings: names,
  fixedFindings: names,
  sameFindings: z.int().min(0),
  newPackages: names,
  removedPackages: names,
  droppedPlatforms: names,
})
export type Regression = Immutable<z.infer<typeof regressionSchema>>
