// One platform on its way to the verdict: what was assessed, and what the policy says of each finding and package.
import type { PlatformAssessment, UnassessedPackage } from "../../findings/assessment.js"
import type { Policy } from "../document/policy.js"
import { matchesPlatform } from "../exceptions/platform-match.js"
import type { JudgedFinding, Judgement } from "../verdict/verdict.js"

export type JudgedPlatform = {
  readonly assessment: PlatformAssessment
  /** False when the policy names the platforms that decide, and this is none of them. */
  readonly decides: boolean
  readonly findings: readonly JudgedFinding[]
  /** Packages that nothing could assess and that no exception accepts. */
  readonly unaccepted: readonly UnassessedPackage[]
}

/** What nothing could place may run on any platform, also on those that decide. */
const anyPlatform = "unknown"

/** Tells whether a platform decides under a policy. */
export function decides(policy: Policy, platform: string): boolean {
  if (policy.platforms.kind !== "only" || platform === anyPlatform) return true
  return policy.platforms.platforms.some((wanted) => matchesPlatform(wanted, platform))
}

/** The distinct ids of findings, sorted. */
export function distinctIds(findings: readonly JudgedFinding[]): string[] {
  return [...new Set(findings.map(({ id }) => id))].sort()
}

const counted: ReadonlySet<Judgement> = new Set<Judgement>(["blocking", "excepted", "overridden"])

/** Findings that count at the threshold: those that block, and those that would without an exception or override. */
export function atThreshold(findings: readonly JudgedFinding[]): JudgedFinding[] {
  return findings.filter(({ judgement }) => counted.has(judgement))
}

export function blockingOf(findings: readonly JudgedFinding[]): JudgedFinding[] {
  return findings.filter(({ judgement }) => judgement === "blocking")
}

export function overriddenOf(findings: readonly JudgedFinding[]): JudgedFinding[] {
  return findings.filter(({ judgement }) => judgement === "overridden")
}
