// One client, one origin: what a token may be sent to.
import { CsscError } from "../core/errors.js"

const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"])

/** Reads the base URL of an API; only loopback may be plain HTTP unless `plainHttp` says so. */
export function parseBaseUrl(text: string, plainHttp: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const secure = url?.protocol === "https:"
  const allowed = url?.protocol === "http:" && (plainHttp || loopbackHosts.has(url.hostname))
  if (url === undefined || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new CsscError("ARGUMENT_INVALID", "the API address is not a URL without user, query and fragment")
  }
  if (!secure && !allowed) {
    throw new CsscError("ARGUMENT_INVALID", `${url.origin}: a token is sent over https only, give an https:// address`)
  }
  return url
}

/** Where a request goes: a path below the base URL, or a whole URL on the same origin; all else is refused. */
export function resolveTarget(base: URL, target: string): URL {
  const isWhole = /^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith("//")
  if (!isWhole) return new URL(`${base.origin}${base.pathname.replace(/\/+$/, "")}/${target.replace(/^\/+/, "")}`)
  const url = URL.canParse(target, base.href) ? new URL(target, base.href) : undefined
  if (url?.origin === base.origin && url.username === "" && url.password === "") return url
  const where = url === undefined ? "no URL" : url.origin
  throw new CsscError("REGISTRY_REFUSED", `${base.origin} points to ${where}: the token is not taken to another host`)
}

/** Where a redirect leads; a relative one starts at the URL that answered. */
export function resolveRedirect(from: URL, location: string): URL {
  return resolveTarget(from, URL.canParse(location, from.href) ? new URL(location, from.href).href : "//")
}
