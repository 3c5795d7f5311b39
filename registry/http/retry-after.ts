// Retry-After: seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3

/** Whole seconds from now, at least 0; undefined when it is neither a number of them nor a date. */
export function retryAfterSeconds(header: string | undefined, now: number = Date.now()): number | undefined {
  const text = header?.trim() ?? ""
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}
