// The decision: assessment + policy + now → verdict, with no I/O. It fails closed: whatever could not be read, matched
// or recognised is a reason with a name, and only the policy may turn a reason into a report.
import type { Assessment, PlatformAssessment } from "../../findings/assessment.js"
import { assessmentDigest, sortAssessment } from "../../findings/canonical-assessment.js"
import { sortCanonical } from "../../findings/canonical-json.js"
import { type Policy, policyDigest } from "../document/policy.js"
import { ledgerOf, openLedger, useForPackage } from "../exceptions/ledger.js"
import { openOverride, overrideUseOf } from "../exceptions/override-use.js"
import { comparisonRule } from "../rules/comparison-rule.js"
import { coverageRule } from "../rules/coverage-rule.js"
import { databaseRule } from "../rules/database-rule.js"
import { evidenceAgeRule } from "../rules/evidence-age-rule.js"
import { evidenceRule } from "../rules/evidence-rule.js"
import { exceptionsRule } from "../rules/exceptions-rule.js"
import { findingsRule } from "../rules/findings-rule.js"
import { lifecycleRule } from "../rules/lifecycle-rule.js"
import { overrideRule } from "../rules/override-rule.js"
import { platformsRule } from "../rules/platforms-rule.js"
import { regressionRule } from "../rules/regression-rule.js"
import { riskFeedsRule } from "../rules/risk-feeds-rule.js"
import { riskRule } from "../rules/risk-rule.js"
import type { Case, Rule } from "../rules/rule.js"
import { signaturesRule } from "../rules/signatures-rule.js"
import { methodRule, toolsRule } from "../rules/tools-rule.js"
import { unreadRule } from "../rules/unread-rule.js"
import { vexRule } from "../rules/vex-rule.js"
import { compareFindings, compareReasons } from "../verdict/order.js"
import { outcomeOf } from "../verdict/outcome.js"
import type { Override, Verdict } from "../verdict/verdict.js"
import { type JudgedVex, judgeVex, recordMatches, suppressionOf } from "../vex/judged-vex.js"
import { vexUsesOf } from "../vex/vex-use.js"
import { compareWithBaseline } from "./compare-with-baseline.js"
import { judgeFinding, type Judges, keepSuppressed } from "./judge-finding.js"
import { atThreshold, blockingOf, decides, distinctIds, type JudgedPlatform, overriddenOf } from "./judged-platform.js"
import { openRisk } from "./risk-index.js"
import { inputsOf, rowOf } from "./verdict-rows.js"

export type EvaluateOptions = {
  /** The moment that exceptions and ages are measured at. */
  readonly now: Date
  /** Lets named vulnerabilities of this image pass; for another digest it is nothing. */
  readonly override?: Override
  /** Our own keys now, by fingerprint or identity: in a replay a key that is ours no more stops counting. */
  readonly ownKeys?: readonly string[]
}

const rules: readonly Rule[] = [
  platformsRule,
  coverageRule,
  unreadRule,
  findingsRule,
  riskRule,
  riskFeedsRule,
  databaseRule,
  signaturesRule,
  evidenceRule,
  evidenceAgeRule,
  comparisonRule,
  regressionRule,
  lifecycleRule,
  toolsRule,
  methodRule,
  exceptionsRule,
  overrideRule,
  vexRule,
]

/** Judges one image; equal inputs in any order give equal verdicts. */
export function evaluate(given: Assessment, policy: Policy, options: EvaluateOptions): Verdict {
  const image = judgeImage(sortAssessment(given), policy, options)
  const reasons = rules.flatMap((rule) => rule(image)).sort(compareReasons)
  const outcome = outcomeOf(reasons)
  return { ...headOf(image), outcome, passed: outcome === "promote", reasons, ...bodyOf(image) }
}

function judgeImage(assessment: Assessment, demanded: Policy, options: EvaluateOptions): Case {
  const { now, override: given, ownKeys } = options
  const policy = ownKeys === undefined ? demanded : { ...demanded, ownKeys }
  const ledger = openLedger(policy, assessment.image.reference, now)
  const override = openOverride(given, assessment.image.digest, now)
  const risk = openRisk(assessment.risk)
  const judges = { policy, ledger, risk, override }
  const vex = judgeVex(assessment, policy, now)
  const platforms = assessment.platforms.map((platform) => judgePlatform(platform, judges, vex))
  const findings = platforms.flatMap((platform) => platform.findings).sort(compareFindings)
  const regression = compareWithBaseline(assessment)
  return {
    assessment,
    policy,
    now,
    platforms,
    findings,
    risk,
    ledger: ledgerOf(ledger),
    ...(given === undefined ? {} : { override: given }),
    ...(override === undefined ? {} : { overrideUse: overrideUseOf(override, findings, now) }),
    ...(regression === undefined ? {} : { regression }),
    ...(vex === undefined ? {} : { vex }),
  }
}

function judgePlatform(assessment: PlatformAssessment, all: Judges, vex: JudgedVex | undefined): JudgedPlatform {
  const { platform, scan } = assessment
  recordMatches(vex, assessment)
  const judges: Judges = { ...all, suppressionOf: (finding) => suppressionOf(vex, finding, assessment) }
  const findings = [
    ...(scan?.findings ?? []).map((finding) => judgeFinding(finding, platform, judges)),
    ...(scan?.suppressed ?? []).map((finding) => keepSuppressed(finding, platform)),
  ].sort(compareFindings)
  const { policy, ledger } = judges
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

function bodyOf({ assessment, policy, platforms, findings, ledger, overrideUse, regression, vex }: Case) {
  const blocking = distinctIds(atThreshold(findings))
  const remaining = distinctIds(blockingOf(findings))
  const others = new Set([...remaining, ...distinctIds(overriddenOf(findings))])
  const feeds = [assessment.risk?.knownExploited?.feed, assessment.risk?.epss?.feed].filter(
    (feed) => feed !== undefined,
  )
  return {
    blocking,
    remaining,
    excepted: blocking.filter((id) => !others.has(id)),
    platforms: platforms.map((judged) => rowOf(judged, policy, assessment.image.reference)),
    findings,
    exceptions: ledger,
    ...(overrideUse === undefined ? {} : { override: overrideUse }),
    ...(vex === undefined ? {} : { vex: vexUsesOf(vex.documents) }),
    ...(regression === undefined ? {} : { regression }),
    ...(feeds.length === 0 ? {} : { riskFeeds: feeds }),
    assessment: assessmentDigest(assessment),
    reports: platforms.map(inputsOf),
  }
}
