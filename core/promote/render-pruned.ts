// What pruning did, in one line.
import type { Pruned } from "./pruned.js"

export function describePruned({ removed, note }: Pruned): string {
  const gone = removed.length === 0 ? [] : [`${removed.length} removed, which newer evidence replaced`]
  return [...gone, ...(note === undefined ? [] : [note])].join("; ")
}
