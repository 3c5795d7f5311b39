// Why there was no answer, by the codes of Node.js and undici.
// https://nodejs.org/api/errors.html#common-system-errors, https://nodejs.org/api/tls.html#x509-certificate-error-codes
import { cleanMessage } from "../../rest/redact.js"
import { tooSlow, unreachable } from "./failure-kinds.js"
import { type FailureKind, RegistryError } from "./registry-error.js"

const unknownHost: FailureKind = {
  ...unreachable,
  retry: false,
  what: "there is no such host",
  hint: "check the host's name",
}
const plainHttp: FailureKind = {
  ...unreachable,
  retry: false,
  what: "no secure connection came about",
  hint: "the registry speaks plain HTTP: bind it by with-registry-service",
}
const untrusted: FailureKind = {
  ...unreachable,
  retry: false,
  what: "no secure connection came about",
  hint: "the registry's certificate is not trusted: pass its CA by with-certificate",
}

const byCode: Readonly<Record<string, FailureKind>> = {
  ENOTFOUND: unknownHost,
  UND_ERR_HEADERS_TIMEOUT: tooSlow,
  UND_ERR_BODY_TIMEOUT: tooSlow,
  ERR_SSL_WRONG_VERSION_NUMBER: plainHttp,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: plainHttp,
  ERR_SSL_HTTP_REQUEST: plainHttp,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_HAS_EXPIRED: untrusted,
  CERT_NOT_YET_VALID: untrusted,
}

/** What the failure of a connection means. */
export function classifyConnection(error: unknown): FailureKind {
  if (isTimeout(error)) return tooSlow
  return byCode[codeOf(error)] ?? unreachable
}

export function connectionError(action: string, sent: { method: string; url: string }, error: unknown): RegistryError {
  const kind = classifyConnection(error)
  const host = sent.url.replace(/^https?:\/\//, "").replace(/[?#].*$/, "")
  const code = codeOf(error)
  const text = `${sent.method} ${host} got no answer${code === "" ? "" : `: ${cleanMessage(code, [])}`}`
  return new RegistryError(action, kind, { text, host: host.split("/")[0] ?? "" }, { cause: error })
}

// What ends a request whose time is over (AbortSignal.timeout), as it is or wrapped.
function isTimeout(error: unknown): boolean {
  const { name, cause } = error as { name?: unknown; cause?: unknown }
  return name === "TimeoutError" || (typeof cause === "object" && cause !== null && isTimeout(cause))
}

// undici wraps what the socket said; several addresses give an AggregateError.
function codeOf(error: unknown): string {
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: readonly unknown[] }
  const inner = typeof cause === "object" && cause !== null ? codeOf(cause) : ""
  if (inner !== "") return inner
  if (typeof code === "string") return code
  return errors === undefined || errors.length === 0 ? "" : codeOf(errors[0])
}
