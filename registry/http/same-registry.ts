// Where a registry's answers lead: the next page, the place to upload to, a redirect.
import { CsscError } from "../../core/errors.js"

const maxUrl = 16 * 1024

/** A `Location` or `Link` as a URL, relative to what was asked; throws `REGISTRY_REFUSED`. */
export function resolveLocation(from: URL, text: string | undefined, action: string): URL {
  if (text === undefined || text.length > maxUrl || !URL.canParse(text, from.href)) {
    throw new CsscError("REGISTRY_REFUSED", `${action} failed: ${from.host} does not say where to go on`)
  }
  const url = new URL(text, from.href)
  // A registry behind a proxy that ends TLS names itself with http: the same host is asked as before, not in the clear.
  if (url.hostname === from.hostname && from.protocol === "https:" && url.protocol === "http:") {
    url.protocol = "https:"
    url.port = from.port
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && from.protocol === "http:")) {
    throw new CsscError(
      "REGISTRY_REFUSED",
      `${action} failed: ${from.host} leads to ${url.protocol}//${url.host}, which is not secure: nothing is read there`,
    )
  }
  url.username = ""
  url.password = ""
  return url
}

/** A page or upload of the same registry: nothing else may be asked with its credentials, or believed as its word. */
export function resolveOnSameRegistry(from: URL, text: string | undefined, action: string): URL {
  const url = resolveLocation(from, text, action)
  if (url.origin === from.origin) return url
  throw new CsscError(
    "REGISTRY_REFUSED",
    `${action} failed: ${from.host} leads to ${url.host}, which is another registry: nothing is read there`,
  )
}
