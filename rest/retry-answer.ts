// Which answers are worth another attempt, and how long to wait for it.
import { setTimeout as delay } from "node:timers/promises"

/** How often and when to try again; `sleep` and `now` are arguments so that tests need no time. */
export type RetryOptions = {
  /** Milliseconds before the second, third … attempt: one more attempt than there are delays. */
  readonly delays?: readonly number[]
  readonly sleep?: (milliseconds: number) => Promise<unknown>
  readonly now?: () => number
}

export const defaultRetryDelays: readonly number[] = [5_000, 10_000, 20_000]

/** A server that asks for more than this is not waited for: the job fails and says so. */
export const maxRetryAfterMs = 60_000

const retryableStatuses: ReadonlySet<number> = new Set([429, 500, 502, 503, 504])

export type AnswerHead = { readonly status: number; readonly headers: Readonly<Record<string, string>> }

/** GitHub also says 403 for its rate limits; only the headers tell them from a missing right. */
export function isRateLimited({ status, headers }: AnswerHead): boolean {
  if (status === 429) return true
  return status === 403 && (headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined)
}

/** Milliseconds until the next attempt, or `undefined` when another attempt is of no use. */
export function retryDelay(answer: AnswerHead, attempt: number, options: RetryOptions): number | undefined {
  const planned = (options.delays ?? defaultRetryDelays)[attempt]
  if (planned === undefined) return undefined
  if (!retryableStatuses.has(answer.status) && !isRateLimited(answer)) return undefined
  const asked = askedDelay(answer, options.now ?? Date.now)
  if (asked === undefined) return planned
  return asked > maxRetryAfterMs ? undefined : asked
}

/** The delay after a connection that failed, by attempt. */
export function reconnectDelay(attempt: number, options: RetryOptions): number | undefined {
  return (options.delays ?? defaultRetryDelays)[attempt]
}

/** Waits by the injected clock. */
export async function pause(milliseconds: number, options: RetryOptions): Promise<void> {
  await (options.sleep ?? ((ms: number) => delay(ms)))(milliseconds)
}

/** Retry-After is seconds or a date; GitHub's primary limit sends a Unix time in `x-ratelimit-reset` instead. */
export function askedDelay({ headers }: AnswerHead, now: () => number): number | undefined {
  const text = headers["retry-after"]
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text) * 1000
  const date = text === undefined ? Number.NaN : Date.parse(text)
  if (!Number.isNaN(date)) return Math.max(0, date - now())
  const reset = headers["x-ratelimit-reset"]
  if (headers["x-ratelimit-remaining"] !== "0" || reset === undefined || !/^\d{1,12}$/.test(reset)) return undefined
  return Math.max(0, Number(reset) * 1000 - now())
}
