// Why a registry did not do what it was asked: told apart by data, so that retries, hints and codes agree everywhere.
// Error codes: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
import { CsscError } from "../core/errors.js"
import { repositoryOf } from "../core/oci/registry-path.js"
import type { HttpExchange } from "../core/ports.js"
import {
  byMessage,
  byStatus,
  expired,
  failed,
  type FailureKind,
  limited,
  notFound,
  refused,
  unauthorized,
  undeletable,
  unavailable,
  unreachable,
} from "./failure-kinds.js"

/** A failed command: its own words, and the exchanges with the registries. */
export type CommandFailure = {
  /** What was to be done, on which reference and side: "copy a to b (target)". */
  readonly action: string
  readonly message: string
  readonly exchanges: readonly HttpExchange[]
  readonly timedOut: boolean
}

/** The failure as an error with a code; `retryAfterSeconds` and `retry` tell what to do next. */
export class RegistryFailure extends CsscError {
  constructor(
    failure: CommandFailure,
    kind: FailureKind,
    readonly retry: boolean,
    readonly retryAfterSeconds: number | undefined,
    readonly status: number | undefined,
  ) {
    const why = failure.timedOut ? "it took too long" : failure.message || "no message"
    super(kind.code, `${failure.action} failed: ${why}${answerOf(lastRefusal(failure.exchanges))}; ${kind.hint}`)
  }
}

/** Classifies a failed command. */
export function registryFailure(failure: CommandFailure): RegistryFailure {
  const refusal = lastRefusal(failure.exchanges)
  const told = failure.timedOut ? unreachable : kindOf(failure.message, refusal)
  const kind = told === unauthorized && wasLetIn(failure.exchanges, refusal) ? expired : told
  return new RegistryFailure(failure, kind, kind.retry, seconds(refusal?.retryAfter), refusal?.status)
}

function kindOf(message: string, refusal: HttpExchange | undefined): FailureKind {
  const status = Number(/response status code (\d{3})/.exec(message)?.[1] ?? refusal?.status ?? 0)
  if (status >= 500) return unavailable
  if (status === 429) return limited
  const text = `${message} ${refusal?.error ?? ""}`
  if (refusal?.method === "DELETE" && (status === 405 || /\bUNSUPPORTED\b/i.test(text))) return undeletable
  const told = byMessage.find(([pattern]) => pattern.test(text))?.[1]
  const answered = byStatus[status]
  if (told === notFound && answered !== undefined) return answered
  return told ?? answered ?? (status >= 400 ? refused : failed)
}

// Let in for the same thing: who may read a repository, or write to another one of the host, may lack this right.
function wasLetIn(exchanges: readonly HttpExchange[], refusal: HttpExchange | undefined): boolean {
  const repository = refusal && repositoryOf(refusal.url)
  if (refusal?.status !== 401 || repository === undefined) return false
  return exchanges.some(
    ({ url, status, method }) =>
      isLetIn(status === undefined ? {} : { status }) &&
      isRead(method) === isRead(refusal.method) &&
      repositoryOf(url) === repository,
  )
}

// Also a 404: who may not look is told so instead. A request that was cut off has no answer at all.
function isLetIn({ status = 401 }: Pick<HttpExchange, "status">): boolean {
  return status !== 401 && status !== 403 && status < 500
}

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD"
}

// A 401 that was answered with a token is no refusal: the same request then came again. Nor is a 404 when something
// else was refused: oras looks for blobs before it uploads them, side by side.
function lastRefusal(exchanges: readonly HttpExchange[]): HttpExchange | undefined {
  const refusals = exchanges.filter(
    ({ method, url, status = 0 }, index) =>
      status >= 400 &&
      !(
        status === 401 &&
        exchanges.slice(index + 1).some((later) => isLetIn(later) && later.method === method && later.url === url)
      ),
  )
  return refusals.findLast(({ method, status }) => method !== "HEAD" || status !== 404) ?? refusals.at(-1)
}

// With the host: it tells the side.
function answerOf(exchange: HttpExchange | undefined): string {
  if (exchange === undefined) return ""
  const { method, url, status, error } = exchange
  return ` (${method} ${url.replace(/^https?:\/\//, "")} answered ${status}${error === undefined ? "" : ` ${error}`})`
}

/** `Retry-After` in seconds: a number of them; a date is left to the default delay. */
function seconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : undefined
}
