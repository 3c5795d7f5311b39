// Vulnerabilities at or above the threshold that no exception covers, and those whose severity nobody knows.
import { listSome } from "../../list-some.js"
import type { Policy } from "../document/policy.js"
import { reachesThreshold } from "../judge/judge-finding.js"
import { blockingOf, distinctIds, type JudgedPlatform } from "../judge/judged-platform.js"
import type { JudgedFinding, Reason } from "../verdict/verdict.js"
import { type Case, count, platformReason } from "./rule.js"

export function findingsRule({ platforms, policy }: Case): Reason[] {
  return platforms.flatMap((judged) => [...blockingReasons(judged, policy), ...unknownReasons(judged)])
}

// Under the threshold UNKNOWN every severity counts alike. Those that only their exploitation brought over the
// threshold are told by the risk rule.
function blockingReasons(judged: JudgedPlatform, policy: Policy): Reason[] {
  const isUnknown = ({ severity }: JudgedFinding) => severity === "UNKNOWN" && policy.severity !== "UNKNOWN"
  const blocking = blockingOf(judged.findings).filter((finding) => reachesThreshold(finding, policy))
  const known = distinctIds(blocking.filter((finding) => !isUnknown(finding)))
  const unknown = distinctIds(blocking.filter(isUnknown))
  const text = `${count(known.length, "vulnerability", "vulnerabilities")} at ${policy.severity} or above: ${listSome(known)}`
  return [
    ...(known.length === 0 ? [] : [platformReason(judged, "FINDINGS", "block", text)]),
    ...(unknown.length === 0 ? [] : [platformReason(judged, "UNKNOWN_SEVERITY", "block", unknownText(unknown))]),
  ]
}

function unknownReasons(judged: JudgedPlatform): Reason[] {
  const below = judged.findings.filter((item) => item.severity === "UNKNOWN" && item.judgement === "below-threshold")
  const ids = distinctIds(below)
  return ids.length === 0 ? [] : [platformReason(judged, "UNKNOWN_SEVERITY", "report", unknownText(ids))]
}

function unknownText(ids: readonly string[]): string {
  return `${count(ids.length, "vulnerability", "vulnerabilities")} of unknown severity: ${listSome(ids)}`
}
