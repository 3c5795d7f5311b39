// Retries what may pass the next time: 429, 5xx and broken connections. A request is tried again within a second
// (http/registry-http.ts); this is for the outage that lasts longer, and it honours the registry's Retry-After.
import { RegistryError } from "./failure/registry-error.js"

export type RetryPolicy = {
  /** Seconds to wait before the second, third … attempt. */
  readonly delays: readonly number[]
  /** A Retry-After above this is not waited for: the caller is told instead. */
  readonly maxDelay: number
  readonly sleep: (seconds: number) => Promise<void>
  /** From 0 to 1: how much of half a delay is added to it, so that those who failed together do not come back together. */
  readonly jitter?: () => number
}

/** Told of every further attempt, before it waits. */
export type Again = (error: RegistryError, pause: Promise<void>) => void

/** Four attempts, as the composite actions made. */
export const defaultDelays: readonly number[] = [5, 10, 20]
export const MAX_RETRY_AFTER_SECONDS = 120

// Minutes went by, or nobody knows what was the matter: one more attempt, and no more.
const onceMore: ReadonlySet<string> = new Set(["REGISTRY_TOO_SLOW", "TOOL_FAILED"])

/** Runs an action until it passes, fails for good, or the attempts are used up. */
export async function retrying<T>(policy: RetryPolicy, action: () => Promise<T>, again?: Again): Promise<T> {
  let doubtful = 0
  for (const delay of policy.delays) {
    try {
      return await action()
    } catch (error) {
      if (!(error instanceof RegistryError) || !error.retry) throw error
      if (onceMore.has(error.code) && doubtful++ > 0) throw error
      const seconds = Math.max(delay, error.retryAfterSeconds ?? 0)
      if (seconds > policy.maxDelay) throw error
      const pause = policy.sleep(seconds * (1 + (policy.jitter?.() ?? 0) / 2))
      again?.(error, pause)
      await pause
    }
  }
  return action()
}
