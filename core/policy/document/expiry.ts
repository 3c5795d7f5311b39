// When an exception ends: a date counts until the end of that day in UTC, RFC 3339 names the moment itself.
import { isoTime } from "../../oci/moment.js"

const datePattern = /^\d{4}-\d{2}-\d{2}$/
const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** The last moment as ISO 8601 in UTC, or undefined when the text is neither a date nor RFC 3339. */
export function expiryOf(text: string): string | undefined {
  if (datePattern.test(text)) return isRealDate(text) ? `${text}T23:59:59.999Z` : undefined
  if (!momentPattern.test(text) || !isRealDate(text.slice(0, 10))) return undefined
  return isoTime(Date.parse(text))
}

// JavaScript reads 2026-02-30 as 2 March; a calendar does not.
function isRealDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
