// What a VEX document says, whichever format it is written in: of each vulnerability, whether named products are
// affected. https://www.cisa.gov/sites/default/files/2023-04/minimum-requirements-for-vex-508c.pdf
import { z } from "zod"
import { signatureSchema } from "../attestation/signature.js"
import { digestSchema, text, timeSchema } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"

const maxDocuments = 10_000
const maxStatements = 200_000
const maxProducts = 10_000
const short = z.string().max(4096)

export const vexStatuses = ["not_affected", "affected", "fixed", "under_investigation"] as const
export const vexFormats = ["openvex", "cyclonedx", "csaf"] as const

/** A product as named by the author: a purl or an image reference; `subcomponents` are packages in it, by purl. */
const productSchema = z.strictObject({ id: short, subcomponents: z.array(short).max(maxProducts) })

const statementSchema = z.strictObject({
  /** The vulnerability's id; `aliases` are its other ids (`DHI-CVE-…` has its CVE here). */
  vulnerability: short,
  aliases: z.array(short).max(1000),
  status: z.enum(vexStatuses),
  justification: text.exactOptional(),
  /** Why it is not affected (impact), or what to do (action). */
  note: text.exactOptional(),
  /** When the statement was made or last changed; ISO 8601 in UTC. The document's time when it has none. */
  timestamp: timeSchema,
  products: z.array(productSchema).max(maxProducts),
  /** Why it could not be read: it suppresses nothing, and takes back whatever it may mean. See unread.ts. */
  unread: text.exactOptional(),
})

/** Where it came from: `file` was given by the caller; `referrer` was attached to `subject`. */
const originSchema = z.enum(["file", "referrer"])

const documentSchema = z.strictObject({
  format: z.enum(vexFormats),
  /** The document's own id, or "". */
  id: text,
  author: text,
  timestamp: timeSchema,
  /** Digest of the bytes as stored. */
  digest: digestSchema,
  origin: originSchema,
  /** The file's name, or the referrer's digest. */
  source: text,
  /** The manifest that it is attached to: a platform's, or the index's. */
  subject: digestSchema.exactOptional(),
  signature: signatureSchema,
  statements: z.array(statementSchema).max(maxStatements),
})

/**
 * A document that could not be read: told, never able to suppress anything, and able to take back whatever a document of
 * its signer may. Without an origin nobody knows whose it is.
 */
const problemSchema = z.strictObject({
  source: text,
  message: text,
  origin: originSchema.exactOptional(),
  subject: digestSchema.exactOptional(),
  signature: signatureSchema.exactOptional(),
})

/** A name under which a VEX document may speak of the image, and how it is known. */
const productNameSchema = z.strictObject({
  /** `registry/repository`, canonical. */
  repository: text,
  /** Digest of the index or platform that the name is known for. */
  digests: z.array(digestSchema).max(maxProducts),
  tag: text.exactOptional(),
  /** `image`: the repository judged. `provenance`: our signed acquisition provenance names it as the upstream. */
  by: z.enum(["image", "provenance"]),
})

export const vexInputSchema = z.strictObject({
  documents: z.array(documentSchema).max(maxDocuments),
  problems: z.array(problemSchema).max(maxDocuments),
  products: z.array(productNameSchema).max(1000),
})

export type VexInput = Immutable<z.infer<typeof vexInputSchema>>
/** One document, read but not judged. */
export type VexDocument = VexInput["documents"][number]
export type VexStatement = VexDocument["statements"][number]
export type VexStatus = VexStatement["status"]
export type VexProduct = VexStatement["products"][number]
export type VexProblem = VexInput["problems"][number]
export type ProductName = VexInput["products"][number]

/** Tells whether a status says that a finding does not count; the others keep it open, and take such a statement back. */
export function isSuppressing(status: VexStatus): boolean {
  return status === "not_affected" || status === "fixed"
}
