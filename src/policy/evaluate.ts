// The decision: assessment + policy + now → verdict, with no I/O. It fails closed: whatever could not be read, matched
// or recognised is a reason with a name, and only the policy may turn a reason into a report.
import type { Assessment, PlatformAssessment } from "../findings/assessment.js"
import { compareCanonical, compareText, sortCanonical } from "../findings/canonical-json.js"
import { type Ledger, ledgerOf, openLedger, useForPackage } from "./exception.js"
import { judgeFinding, keepSuppressed } from "./judge-finding.js"
import { atThreshold, blockingOf, decides, distinctIds, type JudgedPlatform } from "./judged-platform.js"
import { compareFindings, compareReasons } from "./order.js"
import { outcomeOf } from "./outcome.js"
import { type Policy, policyDigest } from "./policy.js"
import { coverageRule } from "./rules/coverage.js"
import { databaseRule } from "./rules/database.js"
import { evidenceRule } from "./rules/evidence.js"
import { exceptionsRule } from "./rules/exceptions.js"
import { findingsRule } from "./rules/findings.js"
import { platformsRule } from "./rules/platforms.js"
import type { Case, Rule } from "./rules/rule.js"
import { methodRule, toolsRule } from "./rules/tools.js"
import type { Verdict } from "./verdict.js"
import { inputsOf, rowOf } from "./verdict-rows.js"

export type EvaluateOptions = {
  /** The moment that exceptions and ages are measured at. */
  readonly now: Date
}

const rules: readonly Rule[] = [
  platformsRule,
  coverageRule,
  findingsRule,
  databaseRule,
  evidenceRule,
  toolsRule,
  methodRule,
  exceptionsRule,
]

/** Judges one image; equal inputs in any order give equal verdicts. */
export function evaluate(assessment: Assessment, policy: Policy, { now }: EvaluateOptions): Verdict {
  const ledger = openLedger(policy.exceptions, assessment.image.reference, now)
  const platforms = assessment.platforms
    .map(sortPlatform)
    .sort((a, b) => compareText(a.platform, b.platform) || compareCanonical(a, b))
    .map((platform) => judgePlatform(platform, policy, ledger))
  const image: Case = { assessment, policy, now, platforms, ledger: ledgerOf(ledger) }
  const reasons = rules.flatMap((rule) => rule(image)).sort(compareReasons)
  const outcome = outcomeOf(reasons)
  return { ...headOf(image), outcome, passed: outcome === "promote", reasons, ...bodyOf(image) }
}

// Sorted within first: else two entries for one platform would be told apart by the order of their findings.
function sortPlatform({ scan, problems, ...rest }: PlatformAssessment): PlatformAssessment {
  const sorted = { ...rest, problems: sortCanonical(problems) }
  if (scan === undefined) return sorted
  const { findings, suppressed, unassessed } = scan
  return {
    ...sorted,
    scan: {
      ...scan,
      findings: sortCanonical(findings),
      suppressed: sortCanonical(suppressed),
      unassessed: sortCanonical(unassessed),
    },
  }
}

function judgePlatform(assessment: PlatformAssessment, policy: Policy, ledger: Ledger): JudgedPlatform {
  const { platform, scan } = assessment
  const findings = [
    ...(scan?.findings ?? []).map((finding) => judgeFinding(finding, platform, policy, ledger)),
    ...(scan?.suppressed ?? []).map((finding) => keepSuppressed(finding, platform)),
  ].sort(compareFindings)
  const unaccepted = (scan?.unassessed ?? []).filter((item) => useForPackage(ledger, item, platform) === undefined)
  return { assessment, decides: decides(policy, platform), findings, unaccepted }
}

function headOf({ assessment, policy, now }: Case) {
  return {
    schema: "https://cssc.dev/verdict/v1",
    image: assessment.image,
    method: assessment.method,
    ...(assessment.predicateType === undefined ? {} : { predicateType: assessment.predicateType }),
    evaluatedAt: now.toISOString(),
    policy: { digest: policyDigest(policy), severity: policy.severity, source: policy.source },
    ...(assessment.database === undefined ? {} : { database: assessment.database }),
    tools: sortCanonical(assessment.tools),
  } as const
}

function bodyOf({ platforms, ledger }: Case) {
  const findings = platforms.flatMap((platform) => platform.findings).sort(compareFindings)
  const blocking = distinctIds(atThreshold(findings))
  const remaining = distinctIds(blockingOf(findings))
  const open = new Set(remaining)
  return {
    blocking,
    remaining,
    excepted: blocking.filter((id) => !open.has(id)),
    platforms: platforms.map(rowOf),
    findings,
    exceptions: ledger,
    reports: platforms.map(inputsOf),
  }
}
