// What was acquired into a repository before: a grow-only set under the reserved tag `mirror-history`. It outlives the
// images, so that what was promoted and deleted is not acquired again. Two writers that meet unite their sets.
import { canonicalJson, compareCanonical, compareText } from "../findings/canonical-json.js"
import type { Digest } from "../oci/digest.js"
import { formatTime } from "./build-statement.js"
import type { History, HistoryEntry } from "./history-schema.js"
import type { Annotations } from "./scan-annotations.js"

/** A history without entries, of a repository that has none yet. */
export function emptyHistory(image: string, source: string): History {
  return { image, source, entries: [], unreadable: 0 }
}

/** The union of two histories; in any order and any number of times it gives the same. */
export function mergeHistory(a: History, b: History): History {
  const all = new Map([...a.entries, ...b.entries].map((entry) => [canonicalJson(entry), entry]))
  return {
    image: mergeText(a.image, b.image),
    source: mergeText(a.source, b.source),
    entries: [...all.values()].sort(compareEntries),
    unreadable: Math.max(a.unreadable, b.unreadable),
  }
}

/** A history with one more entry. */
export function addEntry(history: History, entry: HistoryEntry): History {
  return mergeHistory(history, { ...history, entries: [entry] })
}

/** Tells whether a digest was acquired under a source tag before. */
export function isKnown(history: History, wanted: Pick<HistoryEntry, "sourceTag" | "sourceDigest">): boolean {
  return history.entries.some(
    ({ sourceTag, sourceDigest }) => sourceTag === wanted.sourceTag && sourceDigest === wanted.sourceDigest,
  )
}

/** A → B → A: the tag stood for this digest before, and for another one after that. */
export function isRollback(history: History, tag: string, digest: Digest): boolean {
  const digests = history.entries.filter(({ sourceTag }) => sourceTag === tag).sort(compareEntries)
  const last = digests.at(-1)
  return last !== undefined && last.sourceDigest !== digest && digests.some((entry) => entry.sourceDigest === digest)
}

/** The document, its config and the manifest's annotations, in the shape that existing repositories carry. */
export function buildHistoryDocument(history: History, updatedAt: Date) {
  const { image, source, entries } = history
  const [count, updated] = [entries.length, formatTime(updatedAt)]
  const annotations: Annotations = {
    "org.opencontainers.image.title": "mirror-history.json",
    "com.toddysm.mirror-history.count": String(count),
    "com.toddysm.mirror-history.updated": updated,
  }
  return {
    document: canonicalJson({ schemaVersion: 1, image, source, entries: [...entries].sort(compareEntries) }),
    config: canonicalJson({ schemaVersion: 1, image, source, count, updated }),
    annotations,
  }
}

// By the moment, not by its spelling; entries without a readable time come first.
function compareEntries(a: HistoryEntry, b: HistoryEntry): number {
  return (Date.parse(a.syncedAt) || 0) - (Date.parse(b.syncedAt) || 0) || compareCanonical(a, b)
}

// A name wins over none; of two names always the same one, so that the order of merging does not matter.
function mergeText(a: string, b: string): string {
  if (a === "" || b === "") return a === "" ? b : a
  return compareText(a, b) <= 0 ? a : b
}
