// A verdict is about the vulnerabilities known when it was made; after a while it says little.
import { CsscError } from "../../errors.js"
import { formatDuration } from "../document/duration.js"
import type { Policy } from "../document/policy.js"
import { maxClockSkew } from "../judge/clock-skew.js"
import type { Verdict } from "./verdict.js"

/** Throws `VERDICT_STALE` when a verdict is older than the policy's `verdict.max-age`, or from the future. */
export function requireFreshVerdict(verdict: Verdict, policy: Policy, now: Date): void {
  const age = now.getTime() - Date.parse(verdict.evaluatedAt)
  if (age >= -maxClockSkew && age <= policy.verdict.maxAge) return
  const limit = formatDuration(policy.verdict.maxAge)
  const what = `the verdict on ${verdict.image.reference} was made at ${verdict.evaluatedAt}, now is ${now.toISOString()}`
  throw new CsscError("VERDICT_STALE", `${what}: expected at most ${limit} before; run gate again`)
}
