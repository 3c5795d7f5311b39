// One HTTP exchange: bounded in time and size, and redirected only on its own origin.
import { request } from "undici"
import { CsscError } from "../core/errors.js"
import { resolveRedirect } from "./origin.js"
import { type AnswerHead } from "./retry-answer.js"

export type HttpMethod = "GET" | "POST" | "PATCH" | "PUT" | "DELETE"

export type HttpRequest = {
  readonly method: HttpMethod
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly timeoutMs: number
  readonly maxBodyBytes: number
}

/** `body` is the parsed JSON, or `undefined` when the answer has none. */
export type HttpAnswer = AnswerHead & { readonly body: unknown }

/** The body as it came. */
export type RawAnswer = AnswerHead & { readonly bytes: Buffer }

const maxRedirects = 3

/** Sends a request for JSON. */
export async function exchange(sent: HttpRequest): Promise<HttpAnswer> {
  const { status, headers, bytes } = await exchangeBytes(sent)
  return { status, headers, body: parseJson(bytes) }
}

/** Sends a request; a GET follows redirects on its origin, while nothing else goes elsewhere. */
export async function exchangeBytes(sent: HttpRequest): Promise<RawAnswer> {
  let url = sent.url
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const answer = await roundTrip(sent, url)
    const location = answer.headers["location"]
    const isRedirect = answer.status >= 300 && answer.status < 400 && location !== undefined
    if (!isRedirect || sent.method !== "GET") return answer
    url = resolveRedirect(url, location)
  }
  throw new CsscError("REGISTRY_REFUSED", `${describeRequest(sent)}: more than ${maxRedirects} redirects`)
}

/** `METHOD host/path`, never with the query, which other APIs use for tokens. */
export function describeRequest({ method, url }: Pick<HttpRequest, "method" | "url">): string {
  return `${method} ${url.host}${url.pathname}`
}

async function roundTrip(sent: HttpRequest, url: URL): Promise<RawAnswer> {
  const response = await request(url, {
    method: sent.method,
    headers: { ...(sent.body === undefined ? {} : { "content-type": "application/json" }), ...sent.headers },
    body: sent.body === undefined ? null : JSON.stringify(sent.body),
    signal: AbortSignal.timeout(sent.timeoutMs),
  })
  const bytes = await readBounded(response.body, sent)
  return { status: response.statusCode, headers: flatten(response.headers), bytes }
}

async function readBounded(stream: AsyncIterable<Uint8Array>, sent: HttpRequest): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size > sent.maxBodyBytes) {
      throw new CsscError(
        "LIMIT_EXCEEDED",
        `${describeRequest(sent)}: more than ${sent.maxBodyBytes} bytes in the answer`,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Text that is no JSON becomes `undefined`: the status, or the schema of the caller, then decides. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"))
  } catch {
    return undefined
  }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const pairs = Object.entries(headers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")]))
}
