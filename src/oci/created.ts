// When something was made, as its annotations say: RFC 3339.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md
import { annotationKeys } from "./media-types.js"

/** ISO 8601 in UTC, or undefined when nothing says so or it is not a date. */
export function createdOf(annotations: Readonly<Record<string, string>>): string | undefined {
  const time = Date.parse(annotations[annotationKeys.created] ?? "")
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
