// Results of shards put together: the same as one machine would have found, or refused. A part that is missing, twice there,
// or of another plan would make a whole that never was.
import { z } from "zod"
import { CsscError } from "../../errors.js"
import { digestSchema } from "../../oci/document-parts.js"
import { checkSchema, parseJson } from "../../oci/json.js"
import { formatShard, parseShard } from "../shard/shard.js"
import {
  type DocumentParts,
  type FleetDocument,
  fleetDocument,
  fleetResultSchemaId,
  planSchemaId,
} from "./fleet-document.js"
import { sumRequests } from "./host-requests.js"

/** Bytes of one shard's result. */
export const MAX_SHARD_BYTES = 256 * 1024 * 1024
const maxRows = 100_000
const short = z.string().max(16_384)
const ends = { kind: short, source: short, target: short }
const rows = z
  .array(z.looseObject({ ...ends, why: short.optional(), action: short.optional(), outcome: short.optional() }))
  .max(maxRows)

const documentSchema = z.object({
  schema: z.enum([planSchemaId, fleetResultSchemaId]),
  config: z.object({ source: short, digest: digestSchema, policy: digestSchema }),
  shard: z.string().max(10).optional(),
  entries: z
    .array(z.object({ ...ends, outcome: short, why: short.optional(), listed: z.number(), images: z.number() }))
    .max(maxRows),
  images: rows,
  failures: z.array(z.object({ ...ends, outcome: short, why: short })).max(maxRows),
  requests: z.record(short, z.record(z.string().max(20), z.number())),
})

export type ShardFile = { readonly name: string; readonly text: string }

/** Throws `REPORT_INVALID` for what is no result of a fleet, and `ARGUMENT_INVALID` for parts that are no whole. */
export function mergeDocuments(files: readonly ShardFile[]): FleetDocument {
  const parts = files.map(({ name, text }) => ({ name, part: readPart(name, text) }))
  const [first] = parts
  if (first === undefined)
    throw refused("there is no result.json of a plan or an apply: export `results` of each shard")
  const problems = [...differences(first, parts), ...gaps(parts), ...shared(parts)]
  if (problems.length > 0) throw refused(problems.join("; "))
  const all = parts.map(({ part }) => part)
  const { schema, config } = first.part
  return fleetDocument({
    schema,
    config,
    entries: all.flatMap(({ entries }) => entries),
    images: all.flatMap(({ images }) => images),
    failures: all.flatMap(({ failures }) => failures),
    requests: sumRequests(all.map(({ requests }) => requests)),
  })
}

type Named = { readonly name: string; readonly part: DocumentParts }

function readPart(name: string, text: string): DocumentParts {
  const json = parseJson(text, { code: "REPORT_INVALID", what: name, maxBytes: MAX_SHARD_BYTES, maxDepth: 64 })
  return checkSchema(documentSchema, json, "REPORT_INVALID", name) as DocumentParts
}

function differences(first: Named, parts: readonly Named[]): string[] {
  return parts.flatMap(({ name, part }) => {
    const { schema, config } = part
    if (schema !== first.part.schema)
      return [`${name} is of another kind than ${first.name}: merge plans, or applied shards`]
    if (config.digest !== first.part.config.digest) return [`${name} is of another configuration than ${first.name}`]
    return config.policy === first.part.config.policy ? [] : [`${name} was judged by another policy than ${first.name}`]
  })
}

function gaps(parts: readonly Named[]): string[] {
  const placed = parts.map(({ name, part }) => ({ name, shard: parseShard(part.shard ?? "") }))
  const counts = [...new Set(placed.map(({ shard }) => shard.count))]
  if (counts.length > 1)
    return [`the results are of ${counts.sort((a, b) => a - b).join(", ")} shards: run all with one number`]
  const count = counts[0] ?? 1
  return Array.from({ length: count }, (_, at) => at + 1).flatMap((index) => {
    const those = placed.filter(({ shard }) => shard.index === index).map(({ name }) => name)
    const shard = formatShard({ index, count })
    if (those.length === 0) return [`shard ${shard} is missing`]
    return those.length === 1 ? [] : [`shard ${shard} is there ${those.length} times: ${those.join(", ")}`]
  })
}

// Shards of one configuration share nothing: whoever changed a file may have made them.
function shared(parts: readonly Named[]): string[] {
  const seen = new Map<string, string>()
  return parts.flatMap(({ name, part }) =>
    part.entries.flatMap(({ target }) => {
      const other = seen.get(target)
      seen.set(target, name)
      return other === undefined ? [] : [`${target} is in ${other} and in ${name}`]
    }),
  )
}

function refused(why: string): CsscError {
  return new CsscError("ARGUMENT_INVALID", `the results cannot be merged: ${why}`)
}
