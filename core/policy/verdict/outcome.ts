// Many reasons, one outcome. The order is that of the pipelines before us: a missing SBOM is named first, because
// nobody can say what else is wrong.
import type { Outcome, Reason, ReasonCode } from "./verdict.js"

/** Reasons that say "nobody knows", not "it is bad". */
const unassessedCodes: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "UNASSESSED",
  "END_OF_LIFE",
  "DATABASE_STALE",
  "DATABASE_UNKNOWN",
  "RISK_FEED_STALE",
  "RISK_FEED_MISSING",
  "BASELINE_MISSING",
])

export function outcomeOf(reasons: readonly Reason[]): Outcome {
  const blocking = reasons.filter(({ effect }) => effect === "block")
  if (blocking.length === 0) return "promote"
  if (blocking.some(({ code }) => code === "MISSING_SBOM")) return "blocked-missing-sbom"
  return blocking.every(({ code }) => unassessedCodes.has(code)) ? "unassessed" : "blocked"
}
