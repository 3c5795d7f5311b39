// A request as it is sent, and its answer.
import { type Dispatcher } from "undici"
import type { HttpExchange } from "../../core/ports.js"
import { type Patience } from "../limits/patience.js"

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
  /** Where its bytes are counted. */
  readonly exchange: HttpExchange
  /** How long its body may take. */
  readonly patience: Patience
  readonly status: number
  readonly body: Dispatcher.ResponseData["body"]
  /** The header's value; several of one name are joined by a comma. */
  header(name: string): string | undefined
  /** All values of a header that may come several times. */
  headers(name: string): readonly string[]
}
