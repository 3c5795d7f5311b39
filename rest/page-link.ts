// The `Link` header of a paged answer: https://www.rfc-editor.org/rfc/rfc8288#section-3

/** The URL of the next page, as the server wrote it: whether it may be followed is the client's decision. */
export function findNextLink(header: string | undefined): string | undefined {
  for (const [, url, parameters] of (header ?? "").matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?next"?\s*(?:[;,]|$)/i.test(parameters ?? "")) return url
  }
  return undefined
}
