// What is known of a finding's exploitation, by its id and its aliases.
import type { Finding } from "../../findings/finding.js"
import type { EpssScore, KnownExploited, RiskData } from "../../findings/risk/risk.js"
import type { Policy } from "../document/policy.js"

/** By id in upper case. */
export type RiskIndex = {
  readonly exploited: ReadonlyMap<string, KnownExploited>
  readonly scores: ReadonlyMap<string, EpssScore>
}

export function openRisk(risk: RiskData | undefined): RiskIndex {
  const byId = <T extends { readonly id: string }>(items: readonly T[] = []) =>
    new Map(items.map((item) => [item.id.toUpperCase(), item]))
  return { exploited: byId(risk?.knownExploited?.entries), scores: byId(risk?.epss?.scores) }
}

/** The catalogue's entry for a finding, under whichever of its names. */
export function exploitedOf({ exploited }: RiskIndex, finding: Finding): KnownExploited | undefined {
  return namesOf(finding).flatMap((id) => exploited.get(id) ?? [])[0]
}

/** The highest score under any of its names. */
export function scoreOf({ scores }: RiskIndex, finding: Finding): EpssScore | undefined {
  const found = namesOf(finding).flatMap((id) => scores.get(id) ?? [])
  return found.sort((a, b) => b.score - a.score)[0]
}

/** Tells whether a finding is above the policy's EPSS threshold, or at it. */
export function isLikely(index: RiskIndex, finding: Finding, { epss }: Policy): boolean {
  return epss !== undefined && (scoreOf(index, finding)?.score ?? -1) >= epss.threshold
}

/** Tells whether a finding counts at any severity, and without a fix: exploited, or likely to be, where that blocks. */
export function isRaised(index: RiskIndex, finding: Finding, policy: Policy): boolean {
  if (policy.knownExploited === "block" && exploitedOf(index, finding) !== undefined) return true
  return policy.epss?.effect === "block" && isLikely(index, finding, policy)
}

function namesOf({ id, aliases }: Finding): string[] {
  return [id, ...aliases].map((name) => name.toUpperCase()).sort()
}
