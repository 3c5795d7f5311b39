// Which machine does which part of a fleet: by a hash of the first repository that a chain writes, never by position. So an
// entry that is added moves no other one, a chain stays together, and no two shards write one repository.
import { createHash } from "node:crypto"
import { CsscError } from "../../errors.js"
import { byTarget, chainName } from "../config/chains.js"
import type { FleetEntry } from "../config/fleet.js"

/** Part `index` of `count`, from 1; 1 of 1 is all. */
export type Shard = { readonly index: number; readonly count: number }

/** GitHub's matrix has room for so many jobs. */
export const MAX_SHARDS = 256
export const wholeFleet: Shard = { index: 1, count: 1 }

/** Reads `2/4`; "" is all. Throws `ARGUMENT_INVALID`. */
export function parseShard(text: string): Shard {
  const wanted = text.trim()
  if (wanted === "") return wholeFleet
  const [, index = "", count = ""] = /^(\d{1,3})\/(\d{1,3})$/.exec(wanted) ?? []
  const shard = { index: Number(index), count: Number(count) }
  if (shard.index >= 1 && shard.index <= shard.count && shard.count <= MAX_SHARDS) return shard
  throw new CsscError(
    "ARGUMENT_INVALID",
    `"${text.slice(0, 40)}" is not a shard: expected i/n, such as 2/4, with i from 1 to n and n at most ${MAX_SHARDS}`,
  )
}

export function formatShard({ index, count }: Shard): string {
  return `${index}/${count}`
}

/** The number of shards that was asked for; throws `ARGUMENT_INVALID`. */
export function checkShards(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_SHARDS) return count
  throw new CsscError("ARGUMENT_INVALID", `${count} shards: expected a whole number from 1 to ${MAX_SHARDS}`)
}

/** The entries of one shard, in their order. */
export function inShard(entries: readonly FleetEntry[], shard: Shard): readonly FleetEntry[] {
  const targets = byTarget(entries)
  return entries.filter((entry) => shardOf(chainName(entry, targets), shard.count) === shard.index)
}

function shardOf(name: string, count: number): number {
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 12)
  return (Number.parseInt(hash, 16) % count) + 1
}
