// The REST client of a forge: its failures in the forge's name, and lists to their end.
import type { z } from "zod"
import { CsscError } from "../core/errors.js"
import type { HttpMethod } from "../rest/exchange.js"
import { type HttpClient, httpClient, type HttpOptions } from "../rest/http.js"
import { HttpStatusError } from "../rest/http-error.js"
import { findNextLink } from "../rest/page-link.js"
import { parseAnswer } from "../rest/parse-answer.js"
import { pause, type RetryOptions } from "../rest/retry-answer.js"

export type ForgeOptions = Pick<HttpOptions, "retry" | "timeoutMs" | "plainHttp"> & {
  readonly project: string
  readonly token: string
  readonly apiUrl?: string
}

/** Fifty issues of 60,000 characters, escaped. */
const maxBodyBytes = 16 * 1024 * 1024
export const pageSize = 50
/** 5,000 entries: what is not read to its end is not judged by. */
export const maxPages = 100

export type ForgeClient = {
  get<T>(schema: z.ZodType<T>, path: string): Promise<T>
  send<T>(method: HttpMethod, schema: z.ZodType<T>, path: string, body: unknown): Promise<T>
  list<T>(schema: z.ZodType<readonly T[]>, path: string): Promise<readonly T[]>
  /** Posts, unless `find` finds that an attempt without an answer did it. */
  post<T>(schema: z.ZodType<T>, path: string, body: unknown, find: () => Promise<T | undefined>): Promise<T>
}

type ClientOptions = Omit<HttpOptions, "postOnce" | "maxBodyBytes">

export function forgeClient(options: ClientOptions): ForgeClient {
  const http = httpClient({ ...options, postOnce: true, maxBodyBytes })
  const send: ForgeClient["send"] = async (method, schema, path, body) =>
    named(async () => parseAnswer(schema, (await http.request(method, path, body)).body, pathOf(path)))
  return {
    send,
    get: (schema, path) => send("GET", schema, path, undefined),
    list: (schema, path) => named(() => list(http, schema, path)),
    post: (schema, path, body, find) => postOnce(() => send("POST", schema, path, body), find, options.retry ?? {}),
  }
}

async function list<T>(http: HttpClient, schema: z.ZodType<readonly T[]>, path: string): Promise<readonly T[]> {
  const found: T[] = []
  let next: string | undefined = path
  for (let page = 0; next !== undefined; page++) {
    if (page === maxPages)
      throw new CsscError("LIMIT_EXCEEDED", `GET ${pathOf(path)}: more than ${maxPages} pages of ${pageSize}`)
    const answer = await http.request("GET", next)
    found.push(...parseAnswer(schema, answer.body, pathOf(path)))
    next = findNextLink(answer.headers["link"])
  }
  return found
}

const delays = [1000, 5000]

// What got no answer, or a 5xx, may have been done all the same.
async function postOnce<T>(post: () => Promise<T>, find: () => Promise<T | undefined>, retry: RetryOptions) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await post()
    } catch (error) {
      const wait = delays[attempt]
      if (!(error instanceof CsscError) || error.code !== "FORGE_UNAVAILABLE" || wait === undefined) throw error
      await pause(wait, retry)
    }
    const found = await find()
    if (found !== undefined) return found
  }
}

const unavailable: ReadonlySet<string> = new Set([
  ...["REGISTRY_RATE_LIMITED", "REGISTRY_UNAVAILABLE", "REGISTRY_UNREACHABLE"],
])

async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CsscError) || !error.code.startsWith("REGISTRY_")) throw error
    // GitHub's secondary limit may come without a header.
    const isLimit = error instanceof HttpStatusError && error.status === 403 && /rate limit/i.test(error.apiMessage)
    const code = isLimit || unavailable.has(error.code) ? "FORGE_UNAVAILABLE" : "FORGE_REFUSED"
    throw new CsscError(code, error.reason, { cause: error })
  }
}

/** Tells whether the forge says that something is not there, or that this token may not see it. */
export function isMissing(error: unknown): boolean {
  return error instanceof CsscError && error.cause instanceof HttpStatusError && error.cause.status === 404
}

export function isForbidden(error: unknown): boolean {
  return error instanceof CsscError && error.cause instanceof HttpStatusError && error.cause.status === 403
}

function pathOf(path: string): string {
  return path.split("?")[0] ?? ""
}
