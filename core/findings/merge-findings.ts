// A scanner may report one vulnerability of one package several times (one lock file read twice, several advisories).
// Identical ones become one; when they disagree, the one that blocks more easily wins.
import { compareText } from "./canonical-json.js"
import type { Finding } from "./finding.js"
import { compareSeverity } from "./severity.js"

/** One finding per id, package, version and place in the image, in the order of their first appearance. */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  const byKey = new Map<string, Finding>()
  for (const finding of findings) {
    const key = findingKey(finding)
    const known = byKey.get(key)
    byKey.set(key, known === undefined ? finding : merge(known, finding))
  }
  return [...byKey.values()]
}

/** What makes two findings of one platform the same one. */
export function findingKey(finding: Finding): string {
  return JSON.stringify([finding.id, finding.purl, finding.package, finding.version, finding.target])
}

// A finding with a fix blocks under `fixable-only`, one without does not: so the fix is kept.
function merge(a: Finding, b: Finding): Finding {
  const first = compareSeverity(a.severity, b.severity) >= 0 ? a : b
  const fixedVersion = first.fixedVersion ?? a.fixedVersion ?? b.fixedVersion
  const aliases = [...new Set([...a.aliases, ...b.aliases])].sort(compareText)
  return { ...first, aliases, ...(fixedVersion === undefined ? {} : { fixedVersion }) }
}
