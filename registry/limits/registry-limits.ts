// Limits of a registry as a caller gives them.
import { CsscError } from "../../core/errors.js"
import {
  MAX_CONCURRENCY,
  MAX_REQUESTS_PER_SECOND,
  MIN_REQUESTS_PER_SECOND,
  type RegistryLimits,
} from "../../core/ports.js"

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
