// A public feed as a file over HTTP: bounded, unpacked, and named without what must not be shown. It is no API with a
// token; but a mirror of a feed may ask for a user and a password, which then go to that origin only.
import { gunzipSync } from "node:zlib"
import { CsscError } from "../../core/errors.js"
import { exchangeBytes, type HttpRequest, type RawAnswer } from "../../rest/exchange.js"
import { refused, unreachable } from "../../rest/http-error.js"
import { parseBaseUrl } from "../../rest/origin.js"
import { cleanMessage } from "../../rest/redact.js"
import { pause, reconnectDelay, retryDelay, type RetryOptions } from "../../rest/retry-answer.js"

export type FeedOptions = {
  readonly timeoutMs?: number
  /** Of the answer, and of what it unpacks to. */
  readonly maxBytes?: number
  /** For a server inside the engine's network: without it only loopback may be plain HTTP. */
  readonly plainHttp?: boolean
  readonly retry?: RetryOptions
}

/** `source` is the URL without user, password, query and fragment. */
export type Feed = { readonly text: string; readonly source: string }

const defaultTimeoutMs = 60_000
const defaultMaxBytes = 64 * 1024 * 1024
/** A packed file that the server packs once more for the transport. */
const maxLayers = 2

/** Gets a feed and unpacks it when it is gzip; throws `RISK_FEED_UNAVAILABLE`, `LIMIT_EXCEEDED`, `ARGUMENT_INVALID`. */
export async function fetchFeed(address: string, options: FeedOptions = {}): Promise<Feed> {
  const { url, secrets, headers } = readAddress(address, options.plainHttp ?? false)
  const maxBytes = options.maxBytes ?? defaultMaxBytes
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const sent: HttpRequest = { method: "GET", url, headers, timeoutMs, maxBodyBytes: maxBytes }
  const source = `${url.origin}${url.pathname}`
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(sent, options.retry ?? {}, attempt, secrets)
    if (typeof outcome !== "number") return { text: decode(unpack(outcome.bytes, source, maxBytes), source), source }
    await pause(outcome, options.retry ?? {})
  }
}

function readAddress(address: string, plainHttp: boolean) {
  const given = URL.canParse(address) ? new URL(address) : undefined
  if (given === undefined) throw new CsscError("ARGUMENT_INVALID", "the address of a feed is not a URL")
  const { username, password, search } = given
  const url = new URL(given)
  Object.assign(url, { username: "", password: "", search: "", hash: "" })
  parseBaseUrl(url.href, plainHttp)
  url.search = search
  const basic = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    url,
    // Tokens are in the query of some mirrors: its values are shown as little as the password.
    secrets: [basic, password, decodeURIComponent(password), ...url.searchParams.values()].filter(
      (text) => text !== ":",
    ),
    headers: {
      accept: "*/*",
      "user-agent": "cssc",
      ...(basic === ":" ? {} : { authorization: `Basic ${Buffer.from(basic).toString("base64")}` }),
    },
  }
}

/** The answer, or the milliseconds after which to try again. */
async function attemptOnce(
  sent: HttpRequest,
  retry: RetryOptions,
  attempt: number,
  secrets: readonly string[],
): Promise<RawAnswer | number> {
  let answer: RawAnswer
  try {
    answer = await exchangeBytes(sent)
  } catch (error) {
    if (error instanceof CsscError && error.code === "LIMIT_EXCEEDED") throw error
    if (error instanceof CsscError) throw unavailable(error, secrets)
    const wait = reconnectDelay(attempt, retry)
    if (wait === undefined) throw unavailable(unreachable(sent, error, attempt + 1, secrets), secrets)
    return wait
  }
  if (answer.status >= 200 && answer.status < 300) return answer
  const wait = retryDelay(answer, attempt, retry)
  // A web server's error page says nothing that helps.
  if (wait === undefined)
    throw unavailable(refused(sent, { ...answer, body: undefined }, attempt + 1, secrets), secrets)
  return wait
}

function unpack(bytes: Buffer, source: string, maxBytes: number): Buffer {
  let content = bytes
  for (let layer = 0; layer < maxLayers && content[0] === 0x1f && content[1] === 0x8b; layer++) {
    try {
      content = gunzipSync(content, { maxOutputLength: maxBytes })
    } catch (cause) {
      const { code = "", message } = cause as Error & { code?: string }
      if (code === "ERR_BUFFER_TOO_LARGE") {
        throw new CsscError("LIMIT_EXCEEDED", `GET ${source}: more than ${maxBytes} bytes after unpacking`, { cause })
      }
      throw new CsscError("RISK_FEED_UNAVAILABLE", `GET ${source}: the gzip cannot be unpacked: ${message}`, { cause })
    }
  }
  return content
}

function decode(bytes: Buffer, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new CsscError("RISK_FEED_UNAVAILABLE", `GET ${source}: the answer is not text in UTF-8`, { cause })
  }
}

function unavailable(error: CsscError, secrets: readonly string[]): CsscError {
  const reason = cleanMessage(error.reason, secrets)
  return new CsscError("RISK_FEED_UNAVAILABLE", `a risk feed cannot be read: ${reason}`, { cause: error })
}
