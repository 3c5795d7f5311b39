// A server that gives scripted answers, the last one for ever, and records what it was asked.
import { createServer, type IncomingMessage, type Server } from "node:http"
import { type AddressInfo } from "node:net"
import { afterEach } from "vitest"

export type Scripted = { status?: number; headers?: Record<string, string>; body?: unknown; hang?: boolean }
export type Asked = {
  method: string
  path: string
  authorization: string | undefined
  headers: Record<string, string>
  body: string
}
export type Loopback = { url: string; asked: Asked[] }

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

export async function serve(...answers: Scripted[]): Promise<Loopback> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? {}
    void readAll(request).then((body) => {
      const { method = "", url: path = "", headers } = request
      const texts = Object.entries(headers).map(([name, value]) => [name, String(value)])
      asked.push({ method, path, authorization: headers.authorization, headers: Object.fromEntries(texts), body })
      if (next.hang === true) return
      response.writeHead(next.status ?? 200, next.headers)
      const asIs = typeof next.body === "string" || Buffer.isBuffer(next.body)
      response.end(asIs ? next.body : JSON.stringify(next.body ?? null))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}
