// A mirror or a deletion, read back.
import { z } from "zod"
import { digestSchema } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"
import { checkSchema } from "../oci/json.js"
import { again, edgeSchema, type ImageOutcome } from "./read-promotion.js"

const short = z.string().max(4000)
export const mirrorSchema = z.object({
  source: short,
  target: short,
  copied: z.boolean(),
  digest: digestSchema,
  previousDigest: digestSchema.optional(),
  provenance: z.array(digestSchema).max(10_000),
  dryRun: z.boolean(),
})

export const attestationSchema = z.object({
  image: short,
  digest: digestSchema,
  outcome: short,
  attached: z.array(edgeSchema.extend({ predicateType: short })).max(10_000),
})

export const deletionSchema = z.object({
  image: short,
  dryRun: z.boolean(),
  status: short,
  deleted: z.array(z.object({ digest: digestSchema, tag: short.optional() })).max(10_000),
})
export type DeletionPart = Immutable<z.infer<typeof deletionSchema>>

export const retirementSchema = z.object({
  image: short,
  digest: digestSchema,
  reason: short,
  successor: short.optional(),
  tags: z.array(short).max(10_000),
  dryRun: z.boolean(),
  archive: z.object({ verified: z.boolean() }),
  tombstone: z.object({ digest: digestSchema, state: short }).optional(),
  deletion: deletionSchema.optional(),
})

/** An image taken out of use. */
export function readRetirement(json: unknown, name: string): ImageOutcome {
  const document = checkSchema(retirementSchema, json, "REPORT_INVALID", name)
  const { image, digest, deletion, dryRun } = document
  const passed = deletion?.status !== "failed"
  return {
    kind: "retirement",
    reference: again(image),
    digest,
    outcome: dryRun ? "dryrun" : "retired",
    passed,
    document,
  }
}

/** A promoted image that was judged again. */
export function readAttestation(json: unknown, name: string): ImageOutcome {
  const document = checkSchema(attestationSchema, json, "REPORT_INVALID", name)
  const { image, digest, outcome } = document
  return { kind: "monitored", reference: again(image), digest, outcome, passed: outcome === "promote", document }
}

export function readMirror(json: unknown, name: string): ImageOutcome {
  const document = checkSchema(mirrorSchema, json, "REPORT_INVALID", name)
  const { target, digest, copied } = document
  return {
    kind: "mirror",
    reference: again(target),
    digest,
    outcome: copied ? "mirrored" : "unchanged",
    passed: true,
    document,
  }
}

export function readDeletion(json: unknown, name: string): ImageOutcome {
  const document = checkSchema(deletionSchema, json, "REPORT_INVALID", name)
  const { image, status } = document
  return { kind: "deletion", reference: again(image), outcome: status, passed: status !== "failed", document }
}
