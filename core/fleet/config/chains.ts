// Which entries go after each other: what one brings, another takes further. Every repository is the target of one entry at
// most, so the way up from an entry is one way.
import { repositoryName } from "../../oci/reference.js"
import type { FleetEntry } from "./fleet.js"

type Ends = Pick<FleetEntry, "source" | "target">

/** Entries by the repository that they write. */
export function byTarget<Entry extends Ends>(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [repositoryName(entry.target), entry]))
}

/** The entry itself, then that which fills its source, and so on; a circle is told once around. */
export function upstream<Entry extends Ends>(entry: Entry, targets: ReadonlyMap<string, Entry>): readonly Entry[] {
  const way: Entry[] = [entry]
  for (;;) {
    const above = targets.get(repositoryName((way.at(-1) ?? entry).source))
    if (above === undefined || way.includes(above)) return way
    way.push(above)
  }
}

/** Tells whether the way up from an entry comes back to it. */
export function isInCircle<Entry extends Ends>(entry: Entry, targets: ReadonlyMap<string, Entry>): boolean {
  const last = upstream(entry, targets).at(-1) ?? entry
  return targets.get(repositoryName(last.source)) === entry
}

/** The name that a chain is known by: the first repository that it writes. */
export function chainName<Entry extends Ends>(entry: Entry, targets: ReadonlyMap<string, Entry>): string {
  return repositoryName((upstream(entry, targets).at(-1) ?? entry).target)
}
