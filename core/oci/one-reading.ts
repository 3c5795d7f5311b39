// A document that decides must say the same to everybody who reads it. Readers differ in keys that stand twice or in two
// spellings, in text that is no text, and in numbers that some cannot hold: a document with any of these is refused.
// https://www.rfc-editor.org/rfc/rfc7493 (I-JSON) names most of them.
import { foldedPair, sharedFolds } from "./folded-keys.js"
import { findDuplicateKey, type Path, type TextShape } from "./json-text.js"

/** Why a document can be read in two ways, and where. */
export type SecondReading = { readonly path: Path; readonly why: string }

export type Strictness = {
  /** Every number is written as an integer: what counts bytes has no fraction, and some readers refuse `1e3`. */
  readonly onlyIntegers?: boolean
  /** Keys whose value is a map with names that people choose freely, which readers take as they are spelled. */
  readonly freeMaps?: ReadonlySet<string>
}

/** Looks for a second reading of a text that `JSON.parse` took for `value`. */
export function findSecondReading(
  text: string,
  value: unknown,
  { members, hasFraction }: TextShape,
  { onlyIntegers = false, freeMaps = none }: Strictness,
): SecondReading | undefined {
  const seen = { members: 0, keys: new Set<string>() }
  const odd = hasOddText(text) ? oddText : () => undefined
  const why = search(value, "", (item) => oddNumber(item) ?? odd(item) ?? countKeys(item, seen, odd))
  if (why !== undefined) return why
  if (seen.members !== members) return duplicate(text)
  if (onlyIntegers && hasFraction) return { path: [], why: "a number is written with a fraction or an exponent" }
  const shared = sharedFolds(seen.keys)
  if (shared.size === 0) return undefined
  return search(value, "", (item, key) => (freeMaps.has(key) ? undefined : oneKey(item, shared)))
}

const none: ReadonlySet<string> = new Set()

type Test = (item: unknown, key: string) => string | undefined

/** The first item that a test objects to. The caller bounds the depth. */
function search(item: unknown, key: string, test: Test): SecondReading | undefined {
  const why = test(item, key)
  if (why !== undefined) return { path: [], why }
  if (typeof item !== "object" || item === null) return undefined
  if (Array.isArray(item)) {
    for (let at = 0; at < item.length; at++) {
      const found = search(item[at], "", test)
      if (found !== undefined) return { path: [at, ...found.path], why: found.why }
    }
    return undefined
  }
  for (const name of Object.keys(item)) {
    const found = search((item as Record<string, unknown>)[name], name, test)
    if (found !== undefined) return { path: [name, ...found.path], why: found.why }
  }
  return undefined
}

function countKeys(
  item: unknown,
  seen: { members: number; readonly keys: Set<string> },
  odd: (key: unknown) => string | undefined,
): string | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined
  const keys = Object.keys(item)
  seen.members += keys.length
  for (const key of keys) {
    if (seen.keys.has(key)) continue
    seen.keys.add(key)
    const why = key === "__proto__" ? 'it has a key "__proto__"' : odd(key)
    if (why !== undefined) return why
  }
  return undefined
}

function oneKey(item: unknown, shared: ReadonlySet<string>): string | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined
  const pair = foldedPair(Object.keys(item), shared)
  return pair && `${quoted(pair[0])} and ${quoted(pair[1])} are one key to readers that ignore case`
}

function duplicate(text: string): SecondReading {
  const found = findDuplicateKey(text)
  return { path: found?.path ?? [], why: `the key ${quoted(found?.key ?? "")} stands twice` }
}

// Beyond 2^53 readers round differently, and some have no negative zero.
function oddNumber(item: unknown): string | undefined {
  if (typeof item !== "number") return undefined
  const exact = Number.isFinite(item) && (Number.isSafeInteger(item) || !Number.isInteger(item)) && !Object.is(item, -0)
  return exact ? undefined : `the number ${Object.is(item, -0) ? "-0" : item} is not the same to all readers`
}

function hasOddText(text: string): boolean {
  return text.includes("\\u") || /\p{Surrogate}/u.test(text)
}

function oddText(item: unknown): string | undefined {
  if (typeof item !== "string") return undefined
  if (/\p{Surrogate}/u.test(item)) return "a text has half of a surrogate pair, which some readers replace"
  return item.includes("\u0000") ? "a text has the character U+0000, where some readers end it" : undefined
}

function quoted(key: string): string {
  return JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key)
}
