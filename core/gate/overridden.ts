// A gated image, judged again with an override in it: the verdict itself says who let what pass.
import type { Operation } from "../operation.js"
import { grantOverride, type OverrideRequest } from "../policy/exceptions/override.js"
import { evaluate } from "../policy/judge/evaluate.js"
import type { GateResult } from "./gate-result.js"

/** Throws `OVERRIDE_REFUSED` with everything that is wrong with the request. */
export function overridden(
  { policy, now: clock }: Pick<Operation, "policy" | "now">,
  gated: GateResult,
  asked: Omit<OverrideRequest, "verdict">,
): GateResult {
  const now = clock()
  const override = grantOverride({ verdict: gated.verdict, ...asked }, now)
  return { ...gated, verdict: evaluate(gated.assessment, policy, { now, override }) }
}
