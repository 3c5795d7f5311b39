// One spelling for moments: ISO 8601 in UTC.

/**
 * ISO 8601 in UTC, or undefined for what is no moment. A year that needs a sign, such as that of 9999-12-31T23:59:59-01:00
 * in UTC, is none: readers of RFC 3339 refuse it, ours too, and what was written could not be read again.
 */
export function isoTime(time: number): string | undefined {
  if (Number.isNaN(new Date(time).getTime())) return undefined
  const text = new Date(time).toISOString()
  return /^\d{4}-/.test(text) ? text : undefined
}
