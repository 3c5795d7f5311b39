// Findings as a reviewer counts them: each vulnerability once, with all packages and platforms that have it.
import { advisoryUrl } from "../../findings/advisory-url.js"
import { compareText } from "../../findings/canonical-json.js"
import { severities, type Severity } from "../../findings/finding.js"
import { compareSeverity } from "../../findings/severity.js"
import type { JudgedFinding } from "../../policy/verdict/verdict.js"

export type AffectedPackage = Pick<JudgedFinding, "package" | "version" | "fixedVersion" | "purl">
export type FindingGroup = {
  readonly id: string
  readonly severity: Severity
  readonly url?: string
  readonly title?: string
  readonly because?: JudgedFinding["because"]
  readonly packages: readonly AffectedPackage[]
  readonly platforms: readonly string[]
}

/** The worst first, then by id. */
export function groupFindings(findings: readonly JudgedFinding[]): FindingGroup[] {
  const byId = new Map<string, JudgedFinding[]>()
  for (const finding of findings) byId.set(finding.id, [...(byId.get(finding.id) ?? []), finding])
  return [...byId]
    .map(([id, members]) => groupOf(id, members))
    .sort((a, b) => compareSeverity(b.severity, a.severity) || compareText(a.id, b.id))
}

function groupOf(id: string, members: readonly JudgedFinding[]): FindingGroup {
  const packages = new Map(
    members.map((one) => [JSON.stringify([one.package, one.version, one.fixedVersion]), packageOf(one)]),
  )
  const url = members.map((one) => advisoryUrl(one)).find((one) => one !== undefined)
  const title = members.find((one) => one.title !== undefined)?.title
  const because = members.find((one) => one.because !== undefined)?.because
  return {
    id,
    severity: members.map(({ severity }) => severity).reduce((a, b) => (compareSeverity(a, b) < 0 ? b : a)),
    ...(url === undefined ? {} : { url }),
    ...(title === undefined ? {} : { title }),
    ...(because === undefined ? {} : { because }),
    packages: [...packages.values()],
    platforms: [...new Set(members.map(({ platform }) => platform))].sort(),
  }
}

function packageOf({ package: name, version, fixedVersion, purl }: JudgedFinding): AffectedPackage {
  return { package: name, version, purl, ...(fixedVersion === undefined ? {} : { fixedVersion }) }
}

/** Distinct vulnerabilities by severity, the worst first; without those that nobody has. */
export function severityCounts(groups: readonly Pick<FindingGroup, "severity">[]): [Severity, number][] {
  return [...severities]
    .reverse()
    .map((level): [Severity, number] => [level, groups.filter(({ severity }) => severity === level).length])
    .filter(([, number]) => number > 0)
}

/** `2 critical, 5 high`. */
export function severityText(groups: readonly Pick<FindingGroup, "severity">[]): string {
  const parts = severityCounts(groups).map(([level, number]) => `${number} ${level.toLowerCase()}`)
  return parts.length === 0 ? "none" : parts.join(", ")
}

/** `upgrade openssl from 3.0.1 to 3.0.2`, or that there is nothing to upgrade to. */
export function upgradeText({ package: name, version, fixedVersion }: AffectedPackage): string {
  const from = version === "" ? "" : ` from ${version}`
  if (fixedVersion === undefined || fixedVersion === "") return `no fix yet for ${name}${version && ` ${version}`}`
  return `upgrade ${name}${from} to ${fixedVersion}`
}
