// A plan or an applied fleet, read back: for `check`, `merge`, reports and events alike. What passes is told by its rows; a
// file that says something else than its rows was edited, or written in part, and nobody can go on after it.
import { z } from "zod"
import { listSome } from "../../list-some.js"
import { digestSchema } from "../../oci/document-parts.js"
import { checkSchema, parseJson } from "../../oci/json.js"
import { contradiction, contradictions } from "./contradictions.js"
import {
  type DocumentParts,
  type FleetDocument,
  fleetDocument,
  fleetResultSchemaId,
  planSchemaId,
} from "./fleet-document.js"

/** Bytes of one result. */
export const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024
const maxRows = 100_000
const maxNamed = 5
const short = z.string().max(16_384)
const ends = { kind: z.enum(["mirror", "promotion"]), source: short, target: short }
const image = z.looseObject({
  ...ends,
  why: short.optional(),
  action: short.optional(),
  unknownAge: z.boolean().optional(),
  outcome: short.optional(),
  digest: digestSchema.optional(),
})
const entry = z.looseObject({
  ...ends,
  outcome: short,
  why: short.optional(),
  accepted: z.boolean().optional(),
  listed: z.number(),
  images: z.number(),
})

const documentSchema = z.object({
  schema: z.enum([planSchemaId, fleetResultSchemaId]),
  config: z.object({
    source: short,
    digest: digestSchema,
    entries: z.int().min(0).max(maxRows),
    policy: digestSchema,
  }),
  shard: z.string().max(10).optional(),
  entries: z.array(entry).max(maxRows),
  images: z.array(image).max(maxRows),
  failures: z.array(z.object({ ...ends, outcome: short, why: short })).max(maxRows),
  requests: z.record(short, z.record(z.string().max(20), z.number())),
  digest: digestSchema,
  passed: z.boolean(),
  totals: z.record(short, z.number()),
})

/** Whether a document is one of a fleet's. */
export function isFleetDocument(schema: string): boolean {
  return schema === planSchemaId || schema === fleetResultSchemaId
}

/** Throws `REPORT_INVALID` for what is no result of a fleet, and for one that contradicts itself, with the file's name. */
export function readFleetDocument(json: unknown, name: string): FleetDocument {
  const told = checkSchema(documentSchema, json, "REPORT_INVALID", name)
  const { failures: _failures, digest: _digest, passed: _passed, totals: _totals, ...parts } = told
  const own = fleetDocument(parts as DocumentParts)
  const problems = contradictions(told, own)
  if (problems.length === 0) return own
  throw contradiction(name, listSome(problems, maxNamed, "; "))
}

export function parseFleetDocument(text: string, name: string): FleetDocument {
  const limits = { code: "REPORT_INVALID", what: name, maxBytes: MAX_DOCUMENT_BYTES, maxDepth: 64 } as const
  return readFleetDocument(parseJson(text, limits), name)
}
