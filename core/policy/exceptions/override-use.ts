// An override at work: which findings it lets pass, and what became of it.
import type { Finding } from "../../findings/finding.js"
import type { Digest } from "../../oci/digest.js"
import { maxClockSkew } from "../judge/clock-skew.js"
import type { Override, OverrideUse } from "../verdict/verdict.js"
import { isOneVulnerability } from "./vulnerability-id.js"

/** Counts what the override of one image let pass; made by `openOverride`. */
export type OverrideLedger = {
  readonly override: Override
  readonly active: boolean
  /** As named in the override, by the name in upper case. */
  readonly names: ReadonlyMap<string, string>
  readonly covered: Set<string>
}

/**
 * The override of this image; one of another digest is nothing. Its last moment counts, and one that was granted in the
 * future did not exist yet.
 */
export function openOverride(override: Override | undefined, image: Digest, now: Date): OverrideLedger | undefined {
  if (override === undefined || override.digest !== image) return undefined
  const names = new Map(override.cves.map((name) => [name.toUpperCase(), name]))
  const granted = Date.parse(override.grantedAt) - maxClockSkew <= now.getTime()
  return { override, active: granted && !isExpired(override, now), names, covered: new Set() }
}

/** Tells whether it lets a finding pass: only one that it names, by its id or an alias that is one vulnerability. */
export function useOverride(ledger: OverrideLedger | undefined, finding: Finding): boolean {
  if (ledger?.active !== true) return false
  const named = namesIn(ledger, finding)
  for (const name of named) ledger.covered.add(name)
  return named.length > 0
}

/** The override for the verdict; a date that cannot be read counts as past. */
export function overrideUseOf(ledger: OverrideLedger, findings: readonly Finding[], now: Date): OverrideUse {
  const found = new Set(findings.flatMap((finding) => namesIn(ledger, finding)))
  const used = ledger.covered.size > 0 ? "used" : "unused"
  return {
    ...ledger.override,
    cves: [...ledger.override.cves].sort(),
    state: isExpired(ledger.override, now) ? "expired" : used,
    covered: [...ledger.covered].sort(),
    notFound: [...ledger.names.values()].filter((name) => !found.has(name)).sort(),
  }
}

function isExpired({ expires }: Override, now: Date): boolean {
  const end = Date.parse(expires)
  return Number.isNaN(end) || now.getTime() > end
}

// An alias that is an advisory bundles several vulnerabilities: naming it means the finding of that id alone.
function namesIn({ names }: OverrideLedger, { id, aliases }: Finding): string[] {
  return [id, ...aliases.filter(isOneVulnerability)].flatMap((name) => names.get(name.toUpperCase()) ?? [])
}
