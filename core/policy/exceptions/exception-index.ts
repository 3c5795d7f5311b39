// Which exceptions are about a finding or a package, without trying all of them: ten thousand exceptions meet as many
// findings. Those that cover the same share one cell, which is found by platform, id, and the start of the package's
// name.
import type { PolicyException } from "../document/policy.js"
import { matchesPlatform } from "./platform-match.js"
import { matchesPurlPattern, type PurlPattern, readPurlPattern, readPurlSubject } from "./purl-pattern.js"

/** What the exceptions with one id and package moved aside on one platform. */
export type Cell = {
  /** The first of them in the canonical order: the one that is named. */
  readonly exception: PolicyException
  readonly order: number
  readonly pattern: PurlPattern | undefined
  /** The longest part of the pattern's name without a star: quickly looked for in a name. */
  readonly literal: string
  uses: number
  readonly packages: Set<string>
  readonly fixedIn: Set<string>
}

export type LedgerEntry = { readonly exception: PolicyException; readonly active: boolean; readonly cells: Cell[] }

type Bucket = {
  readonly byPackage: Map<string, Cell>
  /** By the name's start, up to its first star: the whole name when it has none. */
  readonly byStart: Map<string, Cell[]>
  /** How long these starts are. */
  readonly lengths: Set<number>
}

/** Filled platform by platform; the buckets are by id in upper case, "" holds exceptions about packages. */
export type ExceptionIndex = {
  readonly entries: readonly LedgerEntry[]
  readonly platforms: Map<string, ReadonlyMap<string, Bucket>>
}

/** The cells of the active exceptions with one of the ids ("" for packages) that cover a purl, the first one first. */
export function findCells(
  index: ExceptionIndex,
  ids: ReadonlySet<string>,
  purl: string,
  platform: string,
): readonly Cell[] {
  const buckets = getOrAdd(index.platforms, platform, () => bucketsOf(index.entries, platform))
  const found = [...ids].flatMap((id) => candidates(buckets.get(id), purl))
  return found.sort((a, b) => a.order - b.order)
}

function candidates(bucket: Bucket | undefined, purl: string): Cell[] {
  if (bucket === undefined) return []
  const anyPackage = bucket.byPackage.get("")
  const always = anyPackage === undefined ? [] : [anyPackage]
  const subject = bucket.lengths.size === 0 ? undefined : readPurlSubject(purl)
  if (subject === undefined) return always
  const near = [...bucket.lengths].flatMap((length) => bucket.byStart.get(subject.name.slice(0, length)) ?? [])
  const covers = ({ pattern, literal }: Cell) =>
    pattern !== undefined && subject.name.includes(literal) && matchesPurlPattern(pattern, subject)
  return [...always, ...new Set(near.filter(covers))]
}

function bucketsOf(entries: readonly LedgerEntry[], platform: string): ReadonlyMap<string, Bucket> {
  const buckets = new Map<string, Bucket>()
  for (const [order, entry] of entries.entries()) {
    const { exception, active, cells } = entry
    if (!active || !coversPlatform(exception, platform)) continue
    const bucket = getOrAdd(buckets, exception.id?.toUpperCase() ?? "", newBucket)
    cells.push(getOrAdd(bucket.byPackage, exception.package ?? "", () => addCell(bucket, exception, order)))
  }
  return buckets
}

function addCell({ byStart, lengths }: Bucket, exception: PolicyException, order: number): Cell {
  const pattern = exception.package === undefined ? undefined : readPurlPattern(exception.package)
  const parts = (pattern?.name ?? "").split("*")
  const literal = parts.reduce((a, b) => (b.length > a.length ? b : a))
  const cell = { exception, order, pattern, literal, uses: 0, packages: new Set<string>(), fixedIn: new Set<string>() }
  const [start = ""] = parts
  if (pattern !== undefined) {
    lengths.add(start.length)
    getOrAdd(byStart, start, (): Cell[] => []).push(cell)
  }
  return cell
}

function coversPlatform({ platforms }: PolicyException, platform: string): boolean {
  return platforms.length === 0 || platforms.some((wanted) => matchesPlatform(wanted, platform))
}

function newBucket(): Bucket {
  return { byPackage: new Map(), byStart: new Map(), lengths: new Set() }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
