// One request to a registry as it is meant: what it asks, where it may be led, and when it may be tried again at once.
import type { Purpose } from "../auth/authorizer.js"
import { RegistryError } from "../failure/registry-error.js"
import { type Answer, type Headers, type HttpMethod } from "./answer.js"

export type RegistryRequest = Purpose & {
  /** What is to be done, on which reference: the start of every message. */
  readonly action: string
  readonly method: HttpMethod
  /** Below `/v2/<repository>/`, or a whole URL that the registry gave. */
  readonly path: string | URL
  readonly headers?: Headers
  readonly body?: Uint8Array | string
  readonly expect: readonly number[]
  /** Asked once: what an upload began cannot be sent twice. */
  readonly once?: boolean
  /** An answer that leads to another host is a refusal. */
  readonly stay?: boolean
}

/** Milliseconds before another try within a request; longer outages are the caller's to wait for (retry.ts). */
export const QUICK_DELAYS: readonly number[] = [100, 300]

export const MAX_REDIRECTS = 5

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

export function redirectOf({ method }: RegistryRequest, answer: Answer, hop: number): string | undefined {
  const reads = method === "GET" || method === "HEAD"
  return reads && redirects.has(answer.status) && hop < MAX_REDIRECTS ? answer.header("location") : undefined
}

const notAtOnce: ReadonlySet<string> = new Set(["REGISTRY_RATE_LIMITED", "REGISTRY_TOO_SLOW"])

// Not before the registry wants it, not what cannot be said twice, and not to somebody who has too much to do.
export function quickDelay({ method, once }: RegistryRequest, error: unknown, attempt: number): number | undefined {
  if (!(error instanceof RegistryError) || !error.retry || once === true || method === "POST") return undefined
  if (notAtOnce.has(error.code)) return undefined
  const wait = QUICK_DELAYS[attempt]
  return wait !== undefined && (error.retryAfterSeconds ?? 0) * 1000 <= wait ? wait : undefined
}
