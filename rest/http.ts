// A small JSON client for the REST APIs that no registry protocol covers. It talks to one origin only, so that a
// token can reach nobody else: neither a redirect nor a `Link` header leads away from it.
import { CsscError } from "../core/errors.js"
import { exchange, type HttpAnswer, type HttpMethod, type HttpRequest } from "./exchange.js"
import { refused, unreachable } from "./http-error.js"
import { parseBaseUrl, resolveTarget } from "./origin.js"
import { isRateLimited, pause, reconnectDelay, retryDelay, type RetryOptions } from "./retry-answer.js"

export type HttpOptions = {
  readonly baseUrl: string
  /** Called for each request, so that a token can be renewed; the value stays in the caller's closure. */
  readonly token?: () => string | undefined
  /** What must never appear in an error, besides the token. */
  readonly secrets?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  readonly maxBodyBytes?: number
  /** For a server inside the engine's network: without it only loopback may be plain HTTP. */
  readonly plainHttp?: boolean
  readonly retry?: RetryOptions
  /** A POST that may have been carried out is sent once only: the caller looks before it sends another. */
  readonly postOnce?: boolean
}

export type HttpClient = {
  /** Sends one request below the base URL, or to a URL on its origin; throws `HttpStatusError` when refused. */
  request(method: HttpMethod, target: string, body?: unknown): Promise<HttpAnswer>
}

export const defaultTimeoutMs = 30_000
export const maxJsonBytes = 8 * 1024 * 1024

/** Makes a client for one API; throws `ARGUMENT_INVALID` for a base URL that would send a token in the clear. */
export function httpClient(options: HttpOptions): HttpClient {
  const base = parseBaseUrl(options.baseUrl, options.plainHttp ?? false)
  return {
    async request(method, target, body) {
      const url = resolveTarget(base, target)
      for (let attempt = 0; ; attempt++) {
        const outcome = await attemptOnce(options, buildRequest(options, method, url, body), attempt)
        if (typeof outcome !== "number") return outcome
        await pause(outcome, options.retry ?? {})
      }
    },
  }
}

/** The answer, or the milliseconds after which to try again. */
async function attemptOnce(options: HttpOptions, sent: HttpRequest, attempt: number): Promise<HttpAnswer | number> {
  const retry = options.retry ?? {}
  let answer: HttpAnswer
  try {
    answer = await exchange(sent)
  } catch (error) {
    if (error instanceof CsscError) throw error
    const wait = isOnce(options, sent) ? undefined : reconnectDelay(attempt, retry)
    if (wait === undefined) throw unreachable(sent, error, attempt + 1, secretsOf(options))
    return wait
  }
  if (answer.status >= 200 && answer.status < 300) return answer
  const isDone = isOnce(options, sent) && !isRateLimited(answer)
  const wait = isDone ? undefined : retryDelay(answer, attempt, retry)
  if (wait === undefined) throw refused(sent, answer, attempt + 1, secretsOf(options))
  return wait
}

// A rate limit says that nothing was done.
function isOnce({ postOnce = false }: HttpOptions, { method }: HttpRequest): boolean {
  return postOnce && method === "POST"
}

function buildRequest(options: HttpOptions, method: HttpMethod, url: URL, body: unknown): HttpRequest {
  const token = options.token?.()
  return {
    method,
    url,
    headers: {
      accept: "application/json",
      "user-agent": "cssc",
      ...options.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? maxJsonBytes,
  }
}

function secretsOf(options: HttpOptions): readonly string[] {
  const token = options.token?.()
  return [...(options.secrets ?? []), ...(token === undefined ? [] : [token])]
}
