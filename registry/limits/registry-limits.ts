// How much a registry is asked at most: of everybody who asks it, or of one of them.
import { CsscError } from "../../core/errors.js"

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
export const MAX_CONCURRENCY = 32

/** The limits as they were given; throws `ARGUMENT_INVALID` with all that is wrong. */
export function checkRegistryLimits(limits: RegistryLimits): RegistryLimits {
  const { name, requestsPerSecond, concurrency } = limits
  const rate = requestsPerSecond ?? 1
  const places = concurrency ?? 1
  const problems = [
    ...(requestsPerSecond === undefined && concurrency === undefined
      ? ["give requests per second, concurrency, or both"]
      : []),
    ...(rate >= MIN_REQUESTS_PER_SECOND && rate <= MAX_REQUESTS_PER_SECOND
      ? []
      : [`requests per second are a number from 1/900 to ${MAX_REQUESTS_PER_SECOND}, got ${rate}`]),
    ...(Number.isInteger(places) && places >= 1 && places <= MAX_CONCURRENCY
      ? []
      : [`concurrency is a whole number from 1 to ${MAX_CONCURRENCY}, got ${places}`]),
  ]
  if (problems.length > 0) throw new CsscError("ARGUMENT_INVALID", `limits of ${name}: ${problems.join("; ")}`)
  return limits
}
