import { assess } from "../assess/assess.js"
import type { AssessOperation, ScanRequest } from "../assess/scan-request.js"
import { calledName } from "../oci/reference.js"
import { evaluate } from "../policy/judge/evaluate.js"
import type { Override } from "../policy/verdict/verdict.js"
import type { GateResult } from "./gate-result.js"

export type GateRequest = ScanRequest & {
  /** Somebody answers for what it names: it is judged with it. */
  readonly override?: Override
}

export function gate(operation: AssessOperation, { override, ...request }: GateRequest): Promise<GateResult> {
  const name = `gate ${calledName(request.image)}`
  const judge = async () => {
    const { assessment, reports } = await assess(operation, request)
    const options = { now: operation.now(), ...(override === undefined ? {} : { override }) }
    return { image: request.image, assessment, reports, verdict: evaluate(assessment, operation.policy, options) }
  }
  return operation.step(name, judge, ({ verdict }) => `${name}: ${verdict.passed ? "passes" : verdict.outcome}`)
}
