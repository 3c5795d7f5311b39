// Which exceptions can be about a finding or a package, without trying all of them: ten thousand exceptions meet as
// many findings. Looked up by id, then by the package that the exception names.
import { matchesPlatform } from "./platform-match.js"
import type { PolicyException } from "./policy.js"
import {
  matchesPurlPattern,
  type PurlPattern,
  type PurlSubject,
  readPurlPattern,
  readPurlSubject,
} from "./purl-pattern.js"

/** An exception of one image, and what it did there. */
export type LedgerEntry = {
  readonly exception: PolicyException
  /** Place in the canonical order: the first of several that cover a finding is the one that is named. */
  readonly order: number
  readonly active: boolean
  readonly pattern: PurlPattern | undefined
  uses: number
  readonly packages: Set<string>
  readonly fixedIn: Set<string>
}

type Bucket = {
  readonly anyPackage: LedgerEntry[]
  /** By name, for patterns without a star in it. */
  readonly named: Map<string, LedgerEntry[]>
  /** By `pkg:type`, which never has a star. */
  readonly wild: Map<string, LedgerEntry[]>
}

/** By id in upper case; "" holds those about packages. */
export type ExceptionIndex = ReadonlyMap<string, Bucket>

export function newEntry(exception: PolicyException, order: number, active: boolean): LedgerEntry {
  const pattern = exception.package === undefined ? undefined : readPurlPattern(exception.package)
  return { exception, order, active, pattern, uses: 0, packages: new Set(), fixedIn: new Set() }
}

export function indexExceptions(entries: readonly LedgerEntry[]): ExceptionIndex {
  const index = new Map<string, Bucket>()
  for (const entry of entries) {
    if (!entry.active) continue
    const { anyPackage, named, wild } = getOrAdd(index, entry.exception.id?.toUpperCase() ?? "", newBucket)
    const { pattern } = entry
    if (pattern === undefined) anyPackage.push(entry)
    else if (pattern.name.includes("*")) getOrAdd(wild, typeOf(pattern.name), newList).push(entry)
    else getOrAdd(named, pattern.name, newList).push(entry)
  }
  return index
}

/** The active exceptions with one of the ids ("" for packages) that cover a purl on a platform, in their order. */
export function findEntries(
  index: ExceptionIndex,
  ids: ReadonlySet<string>,
  purl: string,
  platform: string,
): LedgerEntry[] {
  const buckets = [...ids].flatMap((id) => index.get(id) ?? [])
  if (buckets.length === 0) return []
  const subject = readPurlSubject(purl)
  return buckets
    .flatMap((bucket) => [...bucket.anyPackage, ...candidates(bucket, subject)])
    .filter(({ exception }) => coversPlatform(exception, platform))
    .sort((a, b) => a.order - b.order)
}

function candidates({ named, wild }: Bucket, subject: PurlSubject | undefined): LedgerEntry[] {
  if (subject === undefined) return []
  return [...(named.get(subject.name) ?? []), ...(wild.get(typeOf(subject.name)) ?? [])].filter(
    ({ pattern }) => pattern !== undefined && matchesPurlPattern(pattern, subject),
  )
}

function coversPlatform({ platforms }: PolicyException, platform: string): boolean {
  return platforms.length === 0 || platforms.some((wanted) => matchesPlatform(wanted, platform))
}

function typeOf(name: string): string {
  return name.slice(0, name.indexOf("/"))
}

function newBucket(): Bucket {
  return { anyPackage: [], named: new Map(), wild: new Map() }
}

function newList(): LedgerEntry[] {
  return []
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
