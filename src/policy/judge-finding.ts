// What the policy says of one finding. Nothing is dropped: a finding that does not block says why.
import type { Finding } from "../findings/finding.js"
import { isAtLeast } from "../findings/severity.js"
import { type Ledger, useForFinding } from "./exception.js"
import { decides } from "./judged-platform.js"
import type { Policy, PolicyException } from "./policy.js"
import type { JudgedFinding } from "./verdict.js"

/** Judges a finding that the scanner reported on a platform. */
export function judgeFinding(finding: Finding, platform: string, policy: Policy, ledger: Ledger): JudgedFinding {
  const judged = { ...finding, platform }
  if (!reachesThreshold(finding, policy)) return { ...judged, judgement: "below-threshold" }
  if (!decides(policy, platform)) return ignored(judged, policy, "platforms: this one is not among those that decide")
  if (policy.fixableOnly && !isFixable(finding))
    return ignored(judged, policy, "fixable-only: no fixed version is known")
  const exception = useForFinding(ledger, finding, platform)
  if (exception === undefined) return { ...judged, judgement: "blocking" }
  return { ...judged, judgement: "excepted", because: becauseOf(exception, policy) }
}

/** Keeps a finding that the scanner moved aside, with the scanner's reason. */
export function keepSuppressed(finding: Finding, platform: string): JudgedFinding {
  const because = finding.suppression ?? { by: "scanner", statement: "", source: "" }
  return { ...finding, platform, judgement: "suppressed", because }
}

function reachesThreshold({ severity }: Finding, policy: Policy): boolean {
  if (severity === "UNKNOWN" && policy.unknownSeverity === "block") return true
  return isAtLeast(severity, policy.severity)
}

function isFixable({ fixedVersion, status }: Finding): boolean {
  return (fixedVersion ?? "") !== "" || status === "fixed"
}

function ignored(finding: Omit<JudgedFinding, "judgement">, policy: Policy, statement: string): JudgedFinding {
  return { ...finding, judgement: "ignored", because: { by: "policy", statement, source: policy.source } }
}

function becauseOf({ owner, reason, expires }: PolicyException, policy: Policy): NonNullable<JudgedFinding["because"]> {
  return {
    by: owner ?? "policy",
    statement: reason,
    source: policy.source,
    ...(expires === undefined ? {} : { expires }),
  }
}
