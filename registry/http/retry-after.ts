// Retry-After: seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3

/**
 * Whole seconds from now, at least 0; undefined when it is neither a number of them nor a date. A date is compared with
 * the answer's own Date: whoever wrote both has one clock, and ours may be another.
 */
export function retryAfterSeconds(
  header: string | undefined,
  date?: string,
  now: number = Date.now(),
): number | undefined {
  const text = header?.trim() ?? ""
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const until = dateOf(text)
  if (until === undefined) return undefined
  return Math.max(0, Math.ceil((until - (dateOf(date?.trim() ?? "") ?? now)) / 1000))
}

function dateOf(text: string): number | undefined {
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : date
}
