// Why a registry did not do what it was asked: told apart by data, so that retries, hints and codes agree everywhere.
// Error codes: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
import { CsscError, type ErrorCode } from "../errors.js"

/** One request and its answer; `status` is missing when there was none. */
export type HttpExchange = { method: string; url: string; status?: number; retryAfter?: string; error?: string }

/** A failed command: its own words, and the exchanges with the registries. */
export type CommandFailure = {
  /** What was to be done, on which reference and side: "copy a to b (target)". */
  readonly action: string
  readonly message: string
  readonly exchanges: readonly HttpExchange[]
  readonly timedOut: boolean
}

type Kind = { readonly code: ErrorCode; readonly retry: boolean; readonly hint: string }

const unauthorized: Kind = {
  code: "REGISTRY_UNAUTHORIZED",
  retry: false,
  hint: "pass credentials for this repository with withRegistryAuth or withDockerConfig, and check that they may do this",
}
// Seen in the middle of a command that was let in before: the token ran out, and oras cannot send a body twice.
const expired: Kind = {
  ...unauthorized,
  retry: true,
  hint: "the registry's token expired in the middle: it lives too short for this copy",
}
const notFound: Kind = {
  code: "REGISTRY_NOT_FOUND",
  retry: false,
  hint: "check the reference; some registries want the repository created first",
}
const limited: Kind = {
  code: "REGISTRY_RATE_LIMITED",
  retry: true,
  hint: "log in, or wait for the registry's limit to reset",
}
const unavailable: Kind = {
  code: "REGISTRY_UNAVAILABLE",
  retry: true,
  hint: "the registry has a problem of its own: try again later",
}
const immutable: Kind = {
  code: "TAG_IMMUTABLE",
  retry: false,
  hint: "the tag exists and may not move: choose another tag, or allow it in the registry",
}
const refused: Kind = { code: "REGISTRY_REFUSED", retry: false, hint: "the registry does not accept this" }
const tooLarge: Kind = {
  code: "LIMIT_EXCEEDED",
  retry: false,
  hint: "the document is larger than any sane one: check what is stored there",
}
const unreachable: Kind = { code: "REGISTRY_UNREACHABLE", retry: true, hint: "check the host's name and the network" }
const unknownHost: Kind = { ...unreachable, retry: false, hint: "check the host's name" }
const plainHttp: Kind = {
  ...unreachable,
  retry: false,
  hint: "the registry speaks plain HTTP: bind it with withRegistryService",
}
const untrusted: Kind = {
  ...unreachable,
  retry: false,
  hint: "the registry's certificate is not trusted: pass its CA with withCertificate",
}
const failed: Kind = { code: "TOOL_FAILED", retry: false, hint: "see the message" }

const byMessage: readonly (readonly [RegExp, Kind])[] = [
  [/immutable|TAG_IMMUTABLE/i, immutable],
  [/server gave HTTP response to HTTPS client/, plainHttp],
  [/x509|certificate signed by unknown authority|tls: /i, untrusted],
  [/no such host|server misbehaving/, unknownHost],
  [
    /connection refused|connection reset|i\/o timeout|unexpected EOF|EOF$|broken pipe|no route to host|network is unreachable|TLS handshake timeout/,
    unreachable,
  ],
  [/size exceeds limit|exceeds the limit|file too large|exceeds size limit/i, tooLarge],
  [/unauthorized|basic credential not found|denied/i, unauthorized],
  [/not found|name unknown|manifest unknown|does not exist/i, notFound],
]

const byStatus: Readonly<Record<number, Kind>> = {
  401: unauthorized,
  403: unauthorized,
  404: notFound,
  405: refused,
  409: immutable,
  412: immutable,
  413: tooLarge,
  429: limited,
}

/** The failure as an error with a code; `retryAfterSeconds` and `retry` tell what to do next. */
export class RegistryFailure extends CsscError {
  constructor(
    failure: CommandFailure,
    kind: Kind,
    readonly retry: boolean,
    readonly retryAfterSeconds: number | undefined,
    readonly status: number | undefined,
  ) {
    const exchange = lastRefusal(failure.exchanges)
    const answer =
      exchange === undefined
        ? ""
        : ` (${exchange.method} ${pathOf(exchange.url)} answered ${exchange.status}${exchange.error === undefined ? "" : ` ${exchange.error}`})`
    super(
      kind.code,
      `${failure.action} failed: ${failure.timedOut ? "it took too long" : failure.message || "no message"}${answer}; ${kind.hint}`,
    )
  }
}

/** Classifies a failed command. */
export function registryFailure(failure: CommandFailure): RegistryFailure {
  const refusal = lastRefusal(failure.exchanges)
  const told = failure.timedOut ? unreachable : kindOf(failure.message, refusal)
  const kind = told === unauthorized && wasLetIn(failure.exchanges, refusal) ? expired : told
  return new RegistryFailure(failure, kind, kind.retry, seconds(refusal?.retryAfter), refusal?.status)
}

function kindOf(message: string, refusal: HttpExchange | undefined): Kind {
  const status = Number(/response status code (\d{3})/.exec(message)?.[1] ?? refusal?.status ?? 0)
  if (status >= 500) return unavailable
  if (status === 429) return limited
  const text = `${message} ${refusal?.error ?? ""}`
  const told = byMessage.find(([pattern]) => pattern.test(text))?.[1]
  const answered = byStatus[status]
  if (told === notFound && answered !== undefined) return answered
  return told ?? answered ?? (status >= 400 ? refused : failed)
}

function wasLetIn(exchanges: readonly HttpExchange[], refusal: HttpExchange | undefined): boolean {
  if (refusal?.status !== 401) return false
  const origin = (url: string) => url.split("/v2/")[0]
  return exchanges.some(
    ({ url, status = 0, method }) =>
      method !== "HEAD" && status >= 200 && status < 300 && url.includes("/v2/") && origin(url) === origin(refusal.url),
  )
}

// A 401 that a token followed, or a 404 of a blob that was then uploaded, is no refusal: the last one counts.
function lastRefusal(exchanges: readonly HttpExchange[]): HttpExchange | undefined {
  return exchanges.findLast((exchange) => (exchange.status ?? 0) >= 400)
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, "")
}

/** `Retry-After` in seconds: a number of them; a date is left to the default delay. */
function seconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : undefined
}
