// Gate: assess and judge in one go. Its result is the only thing that promotion accepts.
import { evaluate } from "../policy/judge/evaluate.js"
import type { Policy } from "../policy/document/policy.js"
import type { Override } from "../policy/verdict/verdict.js"
import { assess } from "../assess/assess.js"
import type { Context } from "../ports.js"
import type { GateResult } from "./gate-result.js"
import type { AssessPorts, ScanRequest } from "../assess/scan-request.js"

export async function gate(
  ports: AssessPorts,
  request: ScanRequest,
  policy: Policy,
  context: Context,
  override?: Override,
): Promise<GateResult> {
  const { assessment, reports } = await assess(ports, request, policy, context)
  const options = { now: context.now(), ...(override === undefined ? {} : { override }) }
  return { image: request.image, assessment, reports, verdict: evaluate(assessment, policy, options) }
}
