// When a document was made. A manifest's annotation is not covered by a signature: who may write can attach an old
// signed document again with the date of today. So the date inside counts too, and the older of the two.
import { isRecord } from "../oci/json.js"
import { isoTime } from "../oci/moment.js"
import type { Unwrapped } from "./unwrap.js"

type Path = readonly string[]

/** Where documents say it; of each list the first that is there: of what took a while, its end. */
const places: readonly (readonly Path[])[] = [
  // CycloneDX, SPDX 2
  [["metadata", "timestamp"]],
  [["creationInfo", "created"]],
  // SLSA provenance 1.x and 0.x, verification summaries
  [
    ["runDetails", "metadata", "finishedOn"],
    ["runDetails", "metadata", "startedOn"],
  ],
  [
    ["metadata", "buildFinishedOn"],
    ["metadata", "buildStartedOn"],
  ],
  [["timeVerified"]],
  // Scans in cosign's format, verdicts and acquisitions of ours
  [
    ["metadata", "scanFinishedOn"],
    ["metadata", "scanStartedOn"],
  ],
  [["evaluatedAt"]],
  [["acquiredAt"]],
  // OpenVEX, CSAF, and what cosign 1 put around a predicate
  [["timestamp"]],
  [["document", "tracking", "current_release_date"]],
  [["Timestamp"]],
]
const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i

/** The oldest date of a document and its annotation, ISO 8601; undefined without any, or with one that is no date. */
export function madeAt(annotated: string | undefined, { document, statement }: Unwrapped): string | undefined {
  const stated = [document, statement?.predicate].flatMap((content) =>
    places.flatMap((list) =>
      list
        .map((path) => valueAt(content, path))
        .filter(isThere)
        .slice(0, 1),
    ),
  )
  const dates = stated.map(momentOf)
  if (dates.includes(undefined)) return undefined
  const inside = dates.length > 0 ? dates : newestOf(document)
  return [...inside, annotated].filter(isThere).sort()[0]
}

// What somebody's own type says by `reviewedAt` or `testedOn`. The newest: others may be of what it speaks about.
function newestOf(document: unknown): readonly string[] {
  if (!isRecord(document)) return []
  const named = Object.entries(document).filter(([key]) => /[a-z](?:At|On)$/.test(key))
  return named
    .flatMap(([, value]) => momentOf(value) ?? [])
    .sort()
    .slice(-1)
}

function momentOf(value: unknown): string | undefined {
  return typeof value === "string" && pattern.test(value) ? isoTime(Date.parse(value)) : undefined
}

function valueAt(content: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    content,
  )
}

function isThere<T>(value: T | undefined | null): value is T {
  return value !== undefined && value !== null
}
