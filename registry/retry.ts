// Retries what may pass the next time: 429, 5xx and broken connections. A request is tried again within a second
// (http/registry-http.ts); this is for the outage that lasts longer, and it honours the registry's Retry-After.
import { RegistryError } from "./failure/registry-error.js"

export type RetryPolicy = {
  /** Seconds to wait before the second, third … attempt. */
  readonly delays: readonly number[]
  /** A Retry-After above this is not waited for: the caller is told instead. */
  readonly maxDelay: number
  readonly sleep: (seconds: number) => Promise<void>
}

/** Four attempts, as the composite actions made. */
export const defaultDelays: readonly number[] = [5, 10, 20]
export const MAX_RETRY_AFTER_SECONDS = 120

/** Runs an action until it passes, fails for good, or the attempts are used up. */
export async function retrying<T>(policy: RetryPolicy, action: () => Promise<T>): Promise<T> {
  for (const delay of policy.delays) {
    try {
      return await action()
    } catch (error) {
      if (!(error instanceof RegistryError) || !error.retry) throw error
      const seconds = Math.max(delay, error.retryAfterSeconds ?? 0)
      if (seconds > policy.maxDelay) throw error
      await policy.sleep(seconds)
    }
  }
  return action()
}
