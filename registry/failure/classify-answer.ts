// From an answer that is no success to what it means: by method, status and error code.
import { cleanMessage } from "../../rest/redact.js"
import { retryAfterSeconds } from "../http/retry-after.js"
import { byErrorCode, byStatus, immutable, refused, unavailable, undeletable } from "./failure-kinds.js"
import { isImmutableTag } from "./immutable-tag.js"
import type { OciError } from "./oci-error.js"
import { type FailureKind, type RegistryAnswer, RegistryError } from "./registry-error.js"

/** A request and its refusal. */
export type Refusal = {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly error?: OciError | undefined
  readonly retryAfter?: string | undefined
  /** The answer's own Date, which a date in Retry-After is counted from: our clock may be wrong, or jump. */
  readonly date?: string | undefined
  /** What must not be shown. */
  readonly secrets?: readonly string[]
}

const notImplemented = 501
const limitedStatus = 429
const methodNotAllowed = 405
const manifestByTag = /^https?:\/\/([^/]+)\/v2\/(.+)\/manifests\/([^/:?]+)(?:\?.*)?$/

/** What a refusal means. */
export function classifyRefusal(refusal: Refusal): FailureKind {
  const { status, error } = refusal
  if (status >= 500) return status === notImplemented ? refused : unavailable
  if (status === limitedStatus) return byStatus[status] ?? refused
  if (refusal.method === "DELETE" && (status === methodNotAllowed || error?.code === "UNSUPPORTED")) return undeletable
  const tagged = refusal.method === "PUT" ? manifestByTag.exec(refusal.url) : null
  if (tagged !== null && isImmutableTag({ status, error, names: tagged.slice(1) })) return immutable
  return byErrorCode[error?.code ?? ""] ?? byStatus[status] ?? refused
}

export function refusalError(action: string, refusal: Refusal): RegistryError {
  return new RegistryError(action, classifyRefusal(refusal), answerOf(refusal))
}

/** `METHOD host/path answered 403 DENIED "…"`: with the host, which tells the side, and without the query. */
export function answerOf({ method, url, status, error, retryAfter, date, secrets = [] }: Refusal): RegistryAnswer {
  const path = url.replace(/^https?:\/\//, "").replace(/[?#].*$/, "")
  const code = error?.code === undefined ? "" : ` ${error.code}`
  const message = error?.message === undefined ? "" : ` "${cleanMessage(error.message, secrets)}"`
  const seconds = retryAfterSeconds(retryAfter, date)
  const [host = ""] = path.split("/")
  return {
    text: `${method} ${path} answered ${status}${cleanMessage(code, secrets) === "" ? "" : ` ${cleanMessage(code, secrets)}`}${message}`,
    status,
    host,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  }
}
