// Something between the tools and a real registry that goes wrong: by a seed, so that a failure is met again. What a
// request meets depends on what it asks and how often that was asked, not on the order in which requests come.
import { createHash } from "node:crypto"
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import type { TestRegistry } from "./registry.js"

const mishaps = [
  "429 and when to come back",
  "429",
  "500",
  "503",
  "no answer",
  "an answer that is lost",
  "a truncated body",
  "a wrong length",
  "a slow body",
] as const
export type Mishap = (typeof mishaps)[number]

/** Stops at a request, before it reaches the registry or after: whoever waits for it is killed meanwhile. */
export type Strike = { readonly at: number; readonly when: "before" | "after"; readonly then: () => void }

type Answer = { readonly status: number; readonly headers: IncomingMessage["headers"]; readonly body: Buffer }

export class FaultProxy {
  readonly address: string
  /** Requests so far, and the most that were under way at once. */
  count = 0
  most = 0
  /** What went wrong, and at which request. */
  readonly met: string[] = []
  private readonly server = createServer((asked, answer) => void this.pass(asked, answer))
  private readonly seen = new Map<string, number>()
  private underWay = 0
  private seed = 0
  private rate = 0
  private strike: Strike | undefined

  private constructor(
    private readonly upstream: string,
    private readonly latency: number,
  ) {
    this.server.listen(0, "127.0.0.1")
    this.address = ""
  }

  static async before(registry: TestRegistry, { latency = 0 } = {}): Promise<FaultProxy> {
    const proxy = new FaultProxy(registry.address, latency)
    await new Promise((done) => proxy.server.once("listening", done))
    const { port } = proxy.server.address() as AddressInfo
    return Object.assign(proxy, { address: `127.0.0.1:${port}` })
  }

  /** From now on, so many of a hundred requests go wrong. */
  misbehave(seed: number, percent: number): void {
    Object.assign(this, { seed, rate: percent / 100 })
    this.forget()
  }

  behave(): void {
    Object.assign(this, { rate: 0, strike: undefined })
    this.forget()
  }

  strikeAt(strike: Strike): void {
    this.forget()
    this.strike = strike
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
  }

  private forget(): void {
    this.seen.clear()
    this.met.length = 0
    Object.assign(this, { count: 0, most: 0 })
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const at = this.count++
    this.most = Math.max(this.most, ++this.underWay)
    answer.once("close", () => this.underWay--)
    try {
      const body = await readAll(asked)
      if (this.latency > 0) await delay(this.latency)
      const strike = this.strike?.at === at ? this.strike : undefined
      if (strike?.when === "before") return strike.then()
      const mishap = strike === undefined ? this.chance(asked) : undefined
      if (mishap !== undefined) this.met.push(`${mishap}: ${asked.method ?? ""} ${asked.url ?? ""}`)
      if (mishap === "no answer") return void asked.socket.destroy()
      const refusal = mishap === undefined ? undefined : refusals[mishap]
      if (refusal !== undefined) return void answer.writeHead(refusal[0], refusal[1]).end()
      const given = await this.forward(asked, body)
      if (strike !== undefined) return strike.then()
      if (mishap === "an answer that is lost") return void asked.socket.destroy()
      await send(asked, answer, given, mishap)
    } catch {
      asked.socket.destroy()
    }
  }

  private chance({ method = "", url = "" }: IncomingMessage): Mishap | undefined {
    const what = `${method} ${url.replace(/(\/blobs\/uploads\/)[^?]+.*/, "$1")}`
    const times = (this.seen.get(what) ?? 0) + 1
    this.seen.set(what, times)
    const [dice, kind] = numbers(`${this.seed} ${what} ${times}`)
    return dice < this.rate ? mishaps[Math.floor(kind * mishaps.length)] : undefined
  }

  private forward(asked: IncomingMessage, body: Buffer): Promise<Answer> {
    const [host = "", port = ""] = this.upstream.split(":")
    const { method = "GET", url: path = "", headers } = asked
    return new Promise((done, failed) => {
      const sent = request({ host, port, method, path, headers }, (given) => {
        readAll(given).then(
          (text) => done({ status: given.statusCode ?? 0, headers: given.headers, body: text }),
          failed,
        )
      })
      sent.on("error", failed)
      sent.end(body)
    })
  }
}

const refusals: Partial<Record<Mishap, [number, Record<string, string>]>> = {
  "429 and when to come back": [429, { "retry-after": "1" }],
  "429": [429, {}],
  "500": [500, {}],
  "503": [503, {}],
}

async function send(asked: IncomingMessage, answer: ServerResponse, given: Answer, mishap?: Mishap): Promise<void> {
  const { status, headers, body } = given
  const half = Math.floor(body.length / 2)
  if (mishap === "a wrong length" && body.length > 1)
    return void answer.writeHead(status, { ...headers, "content-length": String(half) }).end(body.subarray(0, half))
  answer.writeHead(status, headers)
  if (mishap === "a truncated body" && body.length > 1)
    return void answer.write(body.subarray(0, half), () => asked.socket.destroy())
  if (mishap === "a slow body") {
    answer.write(body.subarray(0, half))
    await delay(120)
    return void answer.end(body.subarray(half))
  }
  answer.end(body)
}

/** Two numbers from 0 to 1 that a text stands for. */
export function numbers(text: string): [number, number] {
  const hash = createHash("sha256").update(text).digest()
  return [hash.readUInt32BE(0) / 2 ** 32, hash.readUInt32BE(4) / 2 ** 32]
}

async function readAll(from: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of from) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
