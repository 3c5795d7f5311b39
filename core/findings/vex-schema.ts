// VEX input and signatures inside an assessment document that comes as a file.
import { z } from "zod"
import { signatureStatuses } from "../attestation/signature.js"
import { vexStatuses } from "../vex/vex-document.js"
import { digestSchema, text, timeSchema } from "./document-parts.js"

const maxDocuments = 10_000
const maxStatements = 200_000
const short = z.string().max(4096)

export const signatureSchema = z.strictObject({
  status: z.enum(signatureStatuses),
  publisher: text.exactOptional(),
  key: text.exactOptional(),
  reason: text.exactOptional(),
})

const statementSchema = z.strictObject({
  vulnerability: short,
  aliases: z.array(short).max(1000),
  status: z.enum(vexStatuses),
  justification: text.exactOptional(),
  note: text.exactOptional(),
  timestamp: timeSchema,
  products: z.array(z.strictObject({ id: short, subcomponents: z.array(short).max(10_000) })).max(10_000),
})

const documentSchema = z.strictObject({
  format: z.enum(["openvex", "cyclonedx", "csaf"]),
  id: text,
  author: text,
  timestamp: timeSchema,
  digest: digestSchema,
  origin: z.enum(["file", "referrer"]),
  source: text,
  subject: digestSchema.exactOptional(),
  signature: signatureSchema,
  statements: z.array(statementSchema).max(maxStatements),
})

const productSchema = z.strictObject({
  repository: text,
  digests: z.array(digestSchema).max(10_000),
  tag: text.exactOptional(),
  by: z.enum(["image", "provenance"]),
})

export const vexInputSchema = z.strictObject({
  documents: z.array(documentSchema).max(maxDocuments),
  problems: z.array(z.strictObject({ source: text, message: text })).max(maxDocuments),
  products: z.array(productSchema).max(1000),
})
