// Vulnerabilities that are exploited, or likely to be. Where the policy blocks them they count at any severity and
// without a fix; those that something else moved aside are still told.
import type { EpssScore, KnownExploited } from "../../findings/risk/risk.js"
import { listSome } from "../../list-some.js"
import type { Effect } from "../document/policy.js"
import type { JudgedPlatform } from "../judge/judged-platform.js"
import { exploitedOf, isLikely, scoreOf } from "../judge/risk-index.js"
import type { JudgedFinding, Reason, ReasonCode } from "../verdict/verdict.js"
import { type Case, count, platformReason } from "./rule.js"

export function riskRule(image: Case): Reason[] {
  return image.platforms.flatMap((judged) => [...exploitedReasons(judged, image), ...likelyReasons(judged, image)])
}

function exploitedReasons(judged: JudgedPlatform, { policy, risk }: Case): Reason[] {
  const effect = policy.knownExploited
  if (effect === undefined) return []
  const found = judged.findings.filter((finding) => exploitedOf(risk, finding) !== undefined)
  return reasonsOf(judged, "KNOWN_EXPLOITED", effect, "known to be exploited", found, (finding) =>
    exploitedText(exploitedOf(risk, finding)),
  )
}

function likelyReasons(judged: JudgedPlatform, { policy, risk }: Case): Reason[] {
  const { epss } = policy
  if (epss === undefined) return []
  const found = judged.findings.filter((finding) => isLikely(risk, finding, policy))
  const what = `likely to be exploited (EPSS ${epss.threshold} or above)`
  return reasonsOf(judged, "EXPLOIT_LIKELY", epss.effect, what, found, (finding) => scoreText(scoreOf(risk, finding)))
}

function reasonsOf(
  judged: JudgedPlatform,
  code: ReasonCode,
  effect: Effect,
  what: string,
  found: readonly JudgedFinding[],
  detail: (finding: JudgedFinding) => string,
): Reason[] {
  const [open, aside] = [found.filter(isOpen), found.filter((finding) => !isOpen(finding))]
  const text = (findings: readonly JudgedFinding[], more: (finding: JudgedFinding) => string) => {
    const names = [...new Set(findings.map((finding) => `${finding.id} (${more(finding)})`))].sort()
    return `${count(names.length, "vulnerability", "vulnerabilities")} ${what}: ${listSome(names)}`
  }
  const moved = (finding: JudgedFinding) => `${finding.judgement}; ${detail(finding)}`
  return [
    ...(open.length === 0 ? [] : [platformReason(judged, code, effect, text(open, detail))]),
    ...(aside.length === 0 ? [] : [platformReason(judged, code, "report", text(aside, moved))]),
  ]
}

// With effect `report` a finding may be below the threshold and still be open.
function isOpen({ judgement }: JudgedFinding): boolean {
  return judgement === "blocking" || judgement === "below-threshold"
}

function exploitedText(entry: KnownExploited | undefined): string {
  const due = entry?.dueDate === undefined ? `since ${entry?.dateAdded ?? "?"}` : `due ${entry.dueDate}`
  return entry?.ransomware === true ? `${due}, used by ransomware` : due
}

function scoreText(score: EpssScore | undefined): string {
  return `EPSS ${score?.score ?? "?"}`
}
