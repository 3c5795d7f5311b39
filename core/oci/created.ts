// When something was made, as its annotations say: RFC 3339.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md
import { annotationKeys } from "./media-types.js"
import { isoTime } from "./moment.js"

/** ISO 8601 in UTC, or undefined when nothing says so or it is not a date. */
export function createdOf(annotations: Readonly<Record<string, string>>): string | undefined {
  return isoTime(Date.parse(annotations[annotationKeys.created] ?? ""))
}
