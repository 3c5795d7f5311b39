// One platform of an assessment: either scanned, or with the reasons why it could not be.
import { z } from "zod"
import { signatureSchema } from "../attestation/signature.js"
import { digestSchema, text } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"
import { maxPackages, scanSchema } from "./scan-result.js"

/** Where an SBOM came from. */
const sbomSchema = z.strictObject({
  predicateType: text,
  /** Digest of the referrer manifest that carries it. */
  referrer: digestSchema,
  /** Digest of the blob (statement, envelope or document) as stored. */
  blob: digestSchema,
  envelope: z.enum(["statement", "dsse", "bundle", "document"]),
  format: z.enum(["cyclonedx", "spdx"]),
  components: z.int().min(0),
  /** Left out in documents made before signatures were looked at. */
  signature: signatureSchema.exactOptional(),
  /** When its manifest says that it was made, ISO 8601; left out when it does not. */
  created: text.exactOptional(),
})

/** An attachment that may be the SBOM and was not chosen; usable or not. `referrer` is the manifest that carries it. */
const sbomFactSchema = z.strictObject({
  referrer: digestSchema,
  blob: digestSchema,
  signature: signatureSchema,
  /** It was scanned beside the chosen one, as it says more in another format; left out when it was not. */
  scanned: z.literal(true).exactOptional(),
})

/** One attestation on a platform that was asked for, read and about that platform. */
const attestationSchema = z.strictObject({
  predicateType: text,
  /** Digest of the referrer manifest. */
  referrer: digestSchema,
  signature: signatureSchema,
  /** When it was made, ISO 8601: as its manifest says, or the document inside if that is older; left out if unknown. */
  created: text.exactOptional(),
})

const purls = z.array(text).max(maxPackages)

/** Packages by purl without qualifiers: what only one side knows is either stale or planted. */
const comparisonSchema = z.strictObject({
  onlyInImage: purls,
  onlyInSbom: purls,
  common: z.int().min(0),
  /** The two operating systems where they differ: a scanner matches packages by their system and release. */
  os: z.strictObject({ image: text, sbom: text }).exactOptional(),
  /** What only the scan of the file system finds in packages that both list, as `id in purl`; left out without any. */
  missedFindings: purls.exactOptional(),
  /** Why nothing could be compared. */
  problem: text.exactOptional(),
})

export const problemCodes = [
  "SBOM_MISSING",
  "SBOM_FOREIGN_SUBJECT",
  "SBOM_UNREADABLE",
  "SBOM_EMPTY",
  "SBOM_AMBIGUOUS",
  "REFERRERS_UNREADABLE",
  "REPORT_UNREADABLE",
  "SCANNER_FAILED",
  "NOTHING_RECOGNISED",
  "OS_UNSUPPORTED",
  "PACKAGES_UNASSESSED",
  "PLATFORM_UNKNOWN",
  "EVIDENCE_UNREADABLE",
  "EVIDENCE_REMOVED",
] as const

export const problemSchema = z.strictObject({
  code: z.enum(problemCodes),
  message: text,
  /**
   * Who signed what is wrong with an attachment, which others may stand beside. Unsigned is also where it was put and how
   * it was announced: anybody could do that. Left out where it is about the platform itself.
   */
  signature: signatureSchema.exactOptional(),
})

export const platformSchema = z.strictObject({
  /** `os/architecture[/variant]`, or `unknown` when the manifest names none. */
  platform: z.string().min(1).max(256),
  digest: digestSchema,
  sbom: sbomSchema.exactOptional(),
  /** The other attachments that were read as its SBOM and not chosen, with who signed them; left out without any. */
  otherSboms: z.array(sbomFactSchema).max(20_000).exactOptional(),
  scan: scanSchema.exactOptional(),
  /** The attestations whose subject is this platform; left out when nobody looked. */
  attestations: z.array(attestationSchema).max(10_000).exactOptional(),
  /** The SBOM against the file system; left out when nobody compared them. */
  comparison: comparisonSchema.exactOptional(),
  /** When its config says that it was built, ISO 8601; left out when it does not. */
  created: text.exactOptional(),
  /** What stands in the way of judging this platform; empty when it was scanned and all was assessed. */
  problems: z.array(problemSchema).max(20_000),
})

export type PlatformAssessment = Immutable<z.infer<typeof platformSchema>>
export type SbomSource = NonNullable<PlatformAssessment["sbom"]>
export type SbomFact = Immutable<z.infer<typeof sbomFactSchema>>
export type AttestationFact = Immutable<z.infer<typeof attestationSchema>>
export type SbomComparison = NonNullable<PlatformAssessment["comparison"]>
export type Problem = PlatformAssessment["problems"][number]
export type ProblemCode = Problem["code"]
