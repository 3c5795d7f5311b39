// What the traces of oras and crane tell: which requests a command made, and why it failed.
import type { HttpExchange } from "../../core/ports.js"

/** Reads the exchanges out of the messages of one command, in the order of the requests; crane's pings aside. */
export function readTrace(stderr: string): HttpExchange[] {
  return [...readOrasTrace(stderr), ...readCraneTrace(stderr)]
}

// crane logs a line with an arrow when it asks and one when it is answered, with the URL as the only link.
function readCraneTrace(stderr: string): HttpExchange[] {
  const exchanges: HttpExchange[] = []
  for (const line of stderr.split("\n")) {
    const [, asked = "", url = ""] = /^--> ([A-Z]+) (http\S+)$/.exec(line) ?? []
    if (asked !== "") exchanges.push({ method: asked, url })
    const [, status = "", from = ""] = /^<-- (\d+) (http\S+)$/.exec(line) ?? []
    const open = exchanges.find((one) => one.url === from && one.status === undefined)
    if (open !== undefined) open.status = Number.parseInt(status, 10)
  }
  return exchanges.filter(({ url, status }) => status !== undefined && !url.endsWith("/v2/"))
}

function readOrasTrace(stderr: string): HttpExchange[] {
  const exchanges = new Map<string, HttpExchange>()
  let current: HttpExchange | undefined
  for (const line of stderr.split("\n")) {
    const mark = /^([<>]) (#\d+)$/.exec(line)
    if (mark !== null) {
      const [, , id = ""] = mark
      current = exchanges.get(id) ?? { method: "", url: "" }
      exchanges.set(id, current)
    } else if (current !== undefined) read(line, current)
  }
  return [...exchanges.values()].filter((exchange) => exchange.method !== "")
}

function read(line: string, exchange: HttpExchange): void {
  const field = /^(?:> Request|< Response) (URL|method|Status): "(.*)"$/.exec(line)
  if (field?.[1] === "URL") exchange.url = field[2] ?? ""
  if (field?.[1] === "method") exchange.method = field[2] ?? ""
  if (field?.[1] === "Status") exchange.status = Number.parseInt(field[2] ?? "", 10)
  const retryAfter = /^ {3}"Retry-After": "(.*)"$/.exec(line)
  if (retryAfter !== null) exchange.retryAfter = retryAfter[1] ?? ""
  if (line.startsWith('{"errors"')) exchange.error = line.slice(0, 400)
}

const tracedError = /^Error in getting response/

/** The tool's own last words, each once; without the queries of URLs, which may be signed. */
export function errorLines(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => /^(Error|error)|FATAL|level=error/.test(line))
  // Every failed request is traced as well: that is only worth telling when nothing else is said.
  const last = lines.filter((line) => !tracedError.test(line))
  return [...new Set(last.length > 0 ? last : lines)]
    .join(" ")
    .replace(/(https?:\/\/[^\s"?]*)\?[^\s"]*/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 600)
}
