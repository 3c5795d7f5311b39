// A server of this machine that answers as a test says, for what no real registry does, and records what it was asked.
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http"
import { type AddressInfo } from "node:net"
import { afterEach } from "vitest"
import { RegistryClient } from "../../registry/client/registry-client.js"
import type { AuthEntry } from "../../registry/credentials.js"
import type { Access, Reach } from "../../registry/http/access.js"
import type { ClientOptions } from "../../registry/limits/client-options.js"
import { type RetryPolicy } from "../../registry/retry.js"

export type Question = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly authorization: string | undefined
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}
export type Reply = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
  /** Cuts the connection instead, before the answer or in its middle. */
  readonly cut?: "before" | "within"
}
export type Pretend = { readonly address: string; readonly url: string; readonly asked: Question[] }

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** The answer may depend on how often anything was asked before. */
export async function pretend(reply: (question: Question, before: number) => Reply): Promise<Pretend> {
  const asked: Question[] = []
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const { method = "", url = "", headers } = request
      const { pathname, searchParams } = new URL(url, "http://x")
      const question = {
        method,
        path: pathname,
        query: searchParams,
        authorization: headers.authorization,
        headers,
        body,
      }
      const { status = 200, headers: sent = {}, body: content = "", cut } = reply(question, asked.length)
      asked.push(question)
      if (cut === "before") return void request.socket.destroy()
      response.writeHead(status, sent as Record<string, string | string[]>)
      if (cut === "within") return void response.write(content, () => request.socket.destroy())
      response.end(method === "HEAD" ? undefined : content)
    })
  })
  return listen(server, asked)
}

/** Any other server, closed after the test. */
export async function listening(handler: RequestListener): Promise<string> {
  return (await listen(createServer(handler), [])).address
}

async function listen(server: Server, asked: Question[]): Promise<Pretend> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { address, url: `http://${address}`, asked }
}

export const once: RetryPolicy = { delays: [], maxDelay: 0, sleep: () => Promise.resolve() }

export type Told = {
  readonly entry?: AuthEntry
  readonly reach?: (host: string) => Reach
  readonly unused?: readonly string[]
  readonly retry?: RetryPolicy
} & ClientOptions

/** A client that speaks plain HTTP to everybody, unless it is told otherwise. */
export function clientOf(told: Told = {}) {
  const { entry, reach = () => ({ plainHttp: true }), unused = [], retry = once, ...options } = told
  const access: Access = {
    reach: (host) => Promise.resolve(reach(host)),
    credential: () => Promise.resolve(entry),
    unusedKeys: () => Promise.resolve(unused),
  }
  return new RegistryClient(access, retry, options)
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}
