// One request and its answer, counted.
import { request } from "undici"
import type { HttpExchange } from "../../core/ports.js"
import { connectionError } from "../failure/classify-connection.js"
import { Pace } from "../limits/pace.js"
import { defaultPatience, type Patience } from "../limits/patience.js"
import { PullQuotas } from "../limits/pull-quota.js"
import { type Answer, type Sent } from "./answer.js"
import type { Connections } from "./connections.js"

export class Wire {
  /** Every request that was made, without the queries of URLs, which may be signed. */
  readonly exchanges: HttpExchange[] = []
  readonly quotas = new PullQuotas()

  constructor(
    private readonly connections: Connections,
    readonly pace: Pace = new Pace(),
    private readonly patience: Patience = defaultPatience,
  ) {}

  /** Sends a request as it is; throws `RegistryError` when there is no answer. */
  async send(sent: Sent, action: string): Promise<Answer> {
    const dispatcher = await this.connections.to(sent.url)
    const { method, url } = sent
    await this.quotas.before(sent, action)
    await this.pace.turn(url.host)
    const exchange: HttpExchange = { method, url: `${url.origin}${url.pathname}` }
    this.exchanges.push(exchange)
    try {
      const answer = await request(url, {
        dispatcher,
        method,
        headers: { "user-agent": "cssc", ...sent.headers },
        body: sent.body ?? null,
        headersTimeout: this.patience.silence,
        bodyTimeout: this.patience.silence,
        signal: AbortSignal.timeout(this.patience.total),
      })
      exchange.status = answer.statusCode
      if (sent.body !== undefined) exchange.sent = Buffer.byteLength(sent.body)
      const values = (name: string): readonly string[] => [answer.headers[name] ?? []].flat()
      const read: Answer = {
        sent,
        exchange,
        patience: this.patience,
        status: answer.statusCode,
        body: answer.body,
        header: (name) => values(name).join(", ") || undefined,
        headers: values,
      }
      this.quotas.after(read)
      return read
    } catch (error) {
      this.quotas.after({ sent, header: () => undefined })
      throw connectionError(action, { method, url: exchange.url }, error)
    }
  }
}
