// JSON with one spelling per value, so that equal documents have equal digests: the JSON Canonicalization Scheme.
// https://www.rfc-editor.org/rfc/rfc8785 (keys in order of UTF-16 code units, numbers as ECMAScript prints them)

/** Canonical JSON of a plain value; keys without a value are dropped, numbers that JSON cannot hold are an error. */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`JSON has no number ${value}`)
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null"
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  const members = entries.sort(([a], [b]) => compareText(a, b)).map(([key, item]) => member(key, item))
  return `{${members.join(",")}}`
}

/** The same value with its keys in canonical order, to be written in other ways; refuses what `canonicalJson` refuses. */
export function sortedKeys(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`JSON has no number ${value}`)
  if (value === null || typeof value !== "object") return value
  if (Array.isArray(value)) return value.map(sortedKeys)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)).map(([key, item]) => [key, sortedKeys(item)]))
}

/** Order of UTF-16 code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Order of two values by their canonical JSON: the last tie-breaker of every sorted list. */
export function compareCanonical(a: unknown, b: unknown): number {
  return compareText(canonicalJson(a), canonicalJson(b))
}

/** A sorted copy, by canonical JSON, which is written once per item: lists of findings are long. */
export function sortCanonical<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: canonicalJson(item) }))
    .sort((a, b) => compareText(a.key, b.key))
    .map(({ item }) => item)
}

function member(key: string, value: unknown): string {
  return `${JSON.stringify(key)}:${canonicalJson(value)}`
}
