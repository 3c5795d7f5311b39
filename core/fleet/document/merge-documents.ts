// Results of shards put together: the same as one machine would have found, or refused. A part that is missing, twice there,
// or of another plan would make a whole that never was.
import { CsscError } from "../../errors.js"
import { formatShard, parseShard } from "../shard/shard.js"
import { type FleetDocument, fleetDocument } from "./fleet-document.js"
import { sumRequests } from "./host-requests.js"
import { parseFleetDocument } from "./read-document.js"

export type ShardFile = { readonly name: string; readonly text: string }

/** Throws `REPORT_INVALID` for what is no result of a fleet, or contradicts itself, and `ARGUMENT_INVALID` for parts that are no whole. */
export function mergeDocuments(files: readonly ShardFile[]): FleetDocument {
  const parts = files.map(({ name, text }) => ({ name, part: parseFleetDocument(text, name) }))
  const [first] = parts
  if (first === undefined)
    throw refused("there is no result.json of a plan or an apply: export `results` of each shard")
  const unlike = [...differences(first, parts), ...gaps(parts), ...shared(parts)]
  const problems = unlike.length > 0 ? unlike : fewer(parts)
  if (problems.length > 0) throw refused(problems.join("; "))
  const all = parts.map(({ part }) => part)
  const { schema, config } = first.part
  return fleetDocument({
    schema,
    config,
    entries: all.flatMap(({ entries }) => entries),
    images: all.flatMap(({ images }) => images),
    requests: sumRequests(all.map(({ requests }) => requests)),
  })
}

type Named = { readonly name: string; readonly part: FleetDocument }

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

// A shard that lost its name is a whole by itself, and one that lost entries has none too few to see.
function fewer(parts: readonly Named[]): string[] {
  const number = parts.reduce((sum, { part }) => sum + part.entries.length, 0)
  const wanted = parts[0]?.part.config.entries ?? 0
  return number === wanted ? [] : [`they have ${number} of the ${wanted} entries of the configuration`]
}

function refused(why: string): CsscError {
  return new CsscError("ARGUMENT_INVALID", `the results cannot be merged: ${why}`)
}
