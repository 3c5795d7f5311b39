// A rule looks at the judged image and says what stands in the way. Rules do not know of each other; evaluate.ts adds
// up their reasons.
import type { Assessment } from "../../findings/assessment.js"
import type { Effect, Policy } from "../document/policy.js"
import type { JudgedPlatform } from "../judge/judged-platform.js"
import type { RiskIndex } from "../judge/risk-index.js"
import type {
  ExceptionUse,
  JudgedFinding,
  Override,
  OverrideUse,
  Reason,
  ReasonCode,
  Regression,
} from "../verdict/verdict.js"
import type { JudgedVex } from "../vex/judged-vex.js"

export type Case = {
  readonly assessment: Assessment
  readonly policy: Policy
  readonly now: Date
  readonly platforms: readonly JudgedPlatform[]
  /** Those of all platforms. */
  readonly findings: readonly JudgedFinding[]
  readonly risk: RiskIndex
  readonly ledger: readonly ExceptionUse[]
  /** The override that was given; `overrideUse` only when it is about this image. */
  readonly override?: Override
  readonly overrideUse?: OverrideUse
  /** Only when there is an image to compare with. */
  readonly regression?: Regression
  /** What VEX did; only when somebody looked for it. */
  readonly vex?: JudgedVex
}

export type Rule = (image: Case) => Reason[]

/** A reason about one platform; a platform that does not decide can only report. */
export function platformReason(judged: JudgedPlatform, code: ReasonCode, effect: Effect, what: string): Reason {
  const { platform } = judged.assessment
  return { code, effect: judged.decides ? effect : "report", platform, message: `${platform}: ${what}` }
}

/** `1 package`, `3 packages`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
