// Gate: assess and judge in one go. Its result is the only thing that promotion accepts.
import type { PinnedReference } from "../oci/reference.js"
import { evaluate } from "../policy/evaluate.js"
import type { Policy } from "../policy/policy.js"
import type { ScanMethod } from "../findings/assessment.js"
import { assess } from "./assess.js"
import type { Context, Registry, Scanner } from "./ports.js"
import type { GateResult } from "./promotion-evidence.js"

export type GateRequest = {
  readonly image: PinnedReference
  readonly method: ScanMethod
  readonly predicateType: string
}

export async function gate(
  ports: { registry: Registry; scanner: Scanner },
  request: GateRequest,
  policy: Policy,
  context: Context,
): Promise<GateResult> {
  const { assessment, reports } = await assess(ports, { ...request, required: policy.evidence.required }, context)
  return { image: request.image, assessment, reports, verdict: evaluate(assessment, policy, { now: context.now() }) }
}
