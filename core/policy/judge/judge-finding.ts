// What the policy says of one finding. Nothing is dropped: a finding that does not block says why.
import type { Finding } from "../../findings/finding.js"
import { isAtLeast } from "../../findings/severity.js"
import type { Policy, PolicyException } from "../document/policy.js"
import { type Ledger, useForFinding } from "../exceptions/ledger.js"
import { type OverrideLedger, useOverride } from "../exceptions/override-use.js"
import type { JudgedFinding, Override } from "../verdict/verdict.js"
import { decides } from "./judged-platform.js"
import { isRaised, type RiskIndex } from "./risk-index.js"

/** What a finding is judged by; the ledgers count what they moved aside. */
export type Judges = {
  readonly policy: Policy
  readonly ledger: Ledger
  readonly risk: RiskIndex
  readonly override: OverrideLedger | undefined
  /** The VEX statement that suppresses a finding of this platform, if any. */
  readonly suppressionOf?: (finding: Finding) => Because | undefined
}

/** Why a finding without a fix is ignored; a new one is still a regression. */
export const unfixable = "fixable-only: no fixed version is known"

/** Judges a finding that the scanner reported on a platform. */
export function judgeFinding(finding: Finding, platform: string, judges: Judges): JudgedFinding {
  const { policy, ledger, override } = judges
  const judged = { ...finding, platform }
  const raised = isRaised(judges.risk, finding, policy)
  if (!raised && !reachesThreshold(finding, policy)) return { ...judged, judgement: "below-threshold" }
  if (!decides(policy, platform)) return ignored(judged, policy, "platforms: this one is not among those that decide")
  const unfixed = !raised && policy.fixableOnly && !isFixable(finding)
  // Before the exceptions: one that VEX has made needless is told as unused, so that it can go.
  const suppression = unfixed && policy.regression === undefined ? undefined : judges.suppressionOf?.(finding)
  if (suppression !== undefined) return { ...judged, judgement: "suppressed", because: suppression }
  if (unfixed) return ignoreUnfixable(judged, judges)
  const exception = useForFinding(ledger, finding, platform)
  if (exception !== undefined) return { ...judged, judgement: "excepted", because: becauseOf(exception, policy) }
  if (override !== undefined && useOverride(override, finding)) {
    return { ...judged, judgement: "overridden", because: approvalOf(override.override) }
  }
  return { ...judged, judgement: "blocking" }
}

/** Keeps a finding that the scanner moved aside, with the scanner's reason. */
export function keepSuppressed(finding: Finding, platform: string): JudgedFinding {
  const because = finding.suppression ?? { by: "scanner", statement: "", source: "" }
  return { ...finding, platform, judgement: "suppressed", because }
}

/** Tells whether a finding counts by its severity alone. */
export function reachesThreshold({ severity }: Finding, policy: Policy): boolean {
  if (severity === "UNKNOWN" && policy.unknownSeverity === "block") return true
  return isAtLeast(severity, policy.severity)
}

function isFixable({ fixedVersion, status }: Finding): boolean {
  return (fixedVersion ?? "") !== "" || status === "fixed"
}

// Where a new finding without a fix is a regression, an exception can still accept it.
function ignoreUnfixable(judged: Finding & { readonly platform: string }, { policy, ledger }: Judges): JudgedFinding {
  const exception = policy.regression === undefined ? undefined : useForFinding(ledger, judged, judged.platform)
  if (exception === undefined) return ignored(judged, policy, unfixable)
  const because = becauseOf(exception, policy)
  return { ...judged, judgement: "ignored", because: { ...because, statement: `${unfixable}; ${because.statement}` } }
}

function ignored(finding: Omit<JudgedFinding, "judgement">, policy: Policy, statement: string): JudgedFinding {
  return { ...finding, judgement: "ignored", because: { by: "policy", statement, source: policy.source } }
}

type Because = NonNullable<JudgedFinding["because"]>

function becauseOf({ owner, reason, expires }: PolicyException, policy: Policy): Because {
  return {
    by: owner ?? "policy",
    statement: reason,
    source: policy.source,
    ...(expires === undefined ? {} : { expires }),
  }
}

function approvalOf({ approver, reason, reference, expires }: Override): Because {
  return { by: approver, statement: reason, source: reference, expires }
}
