// Keys that are one to readers which do not look at case. Go's encoding/json, which registries' clients, runtimes and
// scanners are built on, takes `Platform` for `platform`, and the last of both wins.
// https://pkg.go.dev/encoding/json#Unmarshal, https://github.com/golang/go/blob/go1.26.0/src/encoding/json/fold.go

/**
 * One spelling for all keys that are one to such a reader: simple folding, under which `ſ` (U+017F) is an `s` and the
 * Kelvin sign (U+212A) a `k`. It folds a little more than Go (`ß` is `ss`), never less.
 */
export function foldKey(key: string): string {
  return key.toLowerCase().toUpperCase()
}

/** The keys of an object that are one of the names to such a reader. */
export function foldedKeys(value: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  const folds = new Set(names.map(foldKey))
  return Object.keys(value).filter((key) => folds.has(foldKey(key)))
}

/** Of keys that stand in one document, the folds that more than one of them has. */
export function sharedFolds(keys: Iterable<string>): ReadonlySet<string> {
  const [seen, shared] = [new Set<string>(), new Set<string>()]
  for (const key of keys) {
    const fold = foldKey(key)
    if (seen.has(fold)) shared.add(fold)
    seen.add(fold)
  }
  return shared
}

/** Two keys of one object with a fold of these. */
export function foldedPair(
  keys: readonly string[],
  shared: ReadonlySet<string>,
): readonly [string, string] | undefined {
  const first = new Map<string, string>()
  for (const key of keys) {
    const fold = foldKey(key)
    if (!shared.has(fold)) continue
    const known = first.get(fold)
    if (known !== undefined) return [known, key]
    first.set(fold, key)
  }
  return undefined
}
