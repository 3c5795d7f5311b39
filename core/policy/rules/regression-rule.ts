// Is the image worse than the one that is promoted? Findings that are new and count, packages that are new, platforms
// that are gone, an older build, another operating system. Without the comparison nobody knows.
import type { Baseline } from "../../findings/baseline.js"
import { listSome } from "../../list-some.js"
import type { RegressionPolicy } from "../document/policy.js"
import { baselineOf, findingName, namesOf, newPackages } from "../judge/compare-with-baseline.js"
import { unfixable } from "../judge/judge-finding.js"
import { decides, type JudgedPlatform } from "../judge/judged-platform.js"
import type { JudgedFinding, Reason } from "../verdict/verdict.js"
import { baseOsReasons, rollbackReasons } from "./regression-build-rule.js"
import { type Case, count, platformReason } from "./rule.js"

export function regressionRule(image: Case): Reason[] {
  const effects = image.policy.regression
  if (effects === undefined) return []
  const result = image.assessment.baseline
  if (result?.kind !== "compared") return missing(image, effects)
  const { baseline } = result
  return [
    ...image.platforms.flatMap((judged) => [
      ...findingReasons(judged, baseline, effects),
      ...packageReasons(judged, baseline, effects),
      ...baseOsReasons(judged, baseline, effects),
    ]),
    ...droppedReasons(image, effects),
    ...rollbackReasons(image, baseline, effects),
  ]
}

// That nothing is promoted yet was seen, and is only told. Nobody having looked is no answer: a verdict made without
// the comparison that the policy demands must not pass for one made with it.
function missing({ assessment: { baseline } }: Case, { newFindings }: RegressionPolicy): Reason[] {
  const code = "BASELINE_MISSING"
  if (baseline?.kind === "none") {
    const message = `nothing is promoted at ${baseline.reference} yet: there is no image to compare with`
    return [{ code, effect: "report", message }]
  }
  const message =
    baseline?.kind === "failed"
      ? `${baseline.reference} cannot be compared with: ${baseline.message}`
      : "the policy asks for a comparison with the promoted image, and nobody named one to compare with"
  return [{ code, effect: newFindings, message }]
}

// What an exception, an override or VEX moved aside was decided by somebody. A new one without a fix was not, even
// where `fixable-only` tolerates old ones.
function findingReasons(judged: JudgedPlatform, baseline: Baseline, { newFindings }: RegressionPolicy): Reason[] {
  const known = new Set(namesOf(baselineOf(baseline, judged.assessment.platform)))
  const fresh = judged.findings.filter((finding) => isOpen(finding) && !known.has(findingName(finding)))
  if (fresh.length === 0) return []
  const names = [...new Set(fresh.map(findingName))].sort()
  const text = `${count(names.length, "new finding")} that the promoted image does not have: ${listSome(names)}`
  return [platformReason(judged, "NEW_FINDINGS", newFindings, text)]
}

function isOpen({ judgement, because }: JudgedFinding): boolean {
  return judgement === "blocking" || (judgement === "ignored" && because?.statement === unfixable)
}

function packageReasons(
  judged: JudgedPlatform,
  baseline: Baseline,
  { newPackages: effect }: RegressionPolicy,
): Reason[] {
  const { assessment } = judged
  const before = baselineOf(baseline, assessment.platform)
  const unlisted = assessment.scan?.packageNames === undefined || before.some(({ packages }) => packages === undefined)
  if (assessment.scan !== undefined && unlisted) {
    const text = "a scan did not list its packages: nobody knows which are new"
    return [platformReason(judged, "NEW_PACKAGES", effect, text)]
  }
  const names = [...new Set(newPackages(assessment, before))].sort()
  if (names.length === 0) return []
  const text = `${count(names.length, "package")} that the promoted image does not have: ${listSome(names)}`
  return [platformReason(judged, "NEW_PACKAGES", effect, text)]
}

function droppedReasons({ regression, policy, assessment }: Case, { platformDropped }: RegressionPolicy): Reason[] {
  const there = assessment.platforms.map(({ platform }) => platform).sort()
  return (regression?.droppedPlatforms ?? []).map((platform) => {
    const message = `${platform}: the promoted image has this platform; this one has ${listSome(there) || "none"}`
    return {
      code: "PLATFORM_DROPPED",
      effect: decides(policy, platform) ? platformDropped : "report",
      platform,
      message,
    }
  })
}
