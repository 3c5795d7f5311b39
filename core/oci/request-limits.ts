// How much a registry may be asked at most, of whoever says so: an argument, or a fleet's file.

/** Limits of one registry; what is left out is not bounded beyond the client's own bounds. */
export type RegistryLimits = {
  /** `host[:port]`, in its one name (`docker.io`). */
  readonly name: string
  /** Requests that begin in a second; below 1 for fewer, such as 0.5. */
  readonly requestsPerSecond?: number
  /** Requests under way at once. */
  readonly concurrency?: number
}

export const MAX_REQUESTS_PER_SECOND = 1000
/** Once in a quarter of an hour: what is slower is no pace but a mistake. */
export const MIN_REQUESTS_PER_SECOND = 1 / 900
/** Requests at once to one registry, also where nobody gave a limit. */
export const MAX_CONCURRENCY = 32
