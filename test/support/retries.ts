// Retries of tests: without waiting.
import type { RetryPolicy } from "../../registry/retry.js"

export const noRetry: RetryPolicy = { delays: [], maxDelay: 0, sleep: () => Promise.resolve() }

/** Four attempts without waiting; `slept` tells what would have been waited. */
export function fourAttempts(delays = [5, 10, 20], maxDelay = 120): RetryPolicy & { readonly slept: number[] } {
  const slept: number[] = []
  return { delays, maxDelay, slept, sleep: async (seconds) => void slept.push(seconds) }
}
