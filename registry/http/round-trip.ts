// One request and its answer, counted.
import { type Dispatcher, request } from "undici"
import type { HttpExchange } from "../../core/ports.js"
import { connectionError } from "../failure/classify-connection.js"
import type { Connections } from "./connections.js"

export type HttpMethod = "GET" | "HEAD" | "PUT" | "POST" | "DELETE"
export type Headers = Readonly<Record<string, string>>

export type Sent = {
  readonly method: HttpMethod
  readonly url: URL
  readonly headers: Headers
  readonly body?: Uint8Array | string
}

export type Answer = {
  readonly sent: Sent
  readonly status: number
  readonly body: Dispatcher.ResponseData["body"]
  /** The header's value; several of one name are joined by a comma. */
  header(name: string): string | undefined
  /** All values of a header that may come several times. */
  headers(name: string): readonly string[]
}

/** Milliseconds that a request may take with its answer. */
const timeout = 180_000
const silence = 60_000

export class Wire {
  /** Every request that was made, without the queries of URLs, which may be signed. */
  readonly exchanges: HttpExchange[] = []

  constructor(private readonly connections: Connections) {}

  /** Sends a request as it is; throws `RegistryError` when there is no answer. */
  async send(sent: Sent, action: string): Promise<Answer> {
    const dispatcher = await this.connections.to(sent.url)
    const { method, url } = sent
    const exchange: HttpExchange = { method, url: `${url.origin}${url.pathname}` }
    this.exchanges.push(exchange)
    try {
      const answer = await request(url, {
        dispatcher,
        method,
        headers: { "user-agent": "cssc", ...sent.headers },
        body: sent.body ?? null,
        headersTimeout: silence,
        bodyTimeout: silence,
        signal: AbortSignal.timeout(timeout),
      })
      exchange.status = answer.statusCode
      const values = (name: string): readonly string[] => [answer.headers[name] ?? []].flat()
      return {
        sent,
        status: answer.statusCode,
        body: answer.body,
        header: (name) => values(name).join(", ") || undefined,
        headers: values,
      }
    } catch (error) {
      throw connectionError(action, { method, url: exchange.url }, error)
    }
  }
}
