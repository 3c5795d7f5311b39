// SARIF's rules: one for each vulnerability and for each kind of reason, however many results have it.
import type { ReportingDescriptor } from "sarif"
import { visible } from "../clean-line.js"
import { hints } from "../evidence/render/next-steps.js"
import { advisoryUrl } from "../findings/advisory-url.js"
import type { Finding, Severity } from "../findings/finding.js"
import type { ReasonCode } from "../policy/verdict/verdict.js"

/** GitHub sorts alerts by this: above 9 critical, 7 high, 4 medium. The scanner's severities have no finer number. */
const scores: Readonly<Record<Severity, string>> = {
  CRITICAL: "9.5",
  HIGH: "8.0",
  MEDIUM: "5.5",
  LOW: "2.0",
  UNKNOWN: "0.0",
}

export class SarifRules {
  readonly all: ReportingDescriptor[] = []
  private readonly places = new Map<string, number>()

  /** The index of the vulnerability's rule. */
  ofFinding(finding: Finding): number {
    return this.index(finding.id, () => findingRule(finding))
  }

  ofReason(code: ReasonCode): number {
    return this.index(code, () => ({
      id: code,
      shortDescription: { text: code },
      ...(hints[code] === undefined ? {} : { help: { text: hints[code] } }),
      properties: { tags: ["security", "policy"], "security-severity": scores.HIGH },
    }))
  }

  private index(id: string, make: () => ReportingDescriptor): number {
    const known = this.places.get(id)
    if (known !== undefined) return known
    this.places.set(id, this.all.length)
    return this.all.push(make()) - 1
  }
}

function findingRule(finding: Finding): ReportingDescriptor {
  const { severity } = finding
  const id = visible(finding.id)
  const url = advisoryUrl(finding)
  const title = visible(finding.title ?? id).slice(0, 1000)
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    ...(url === undefined ? {} : { helpUri: url }),
    help: { text: url === undefined ? id : `${id}: ${url}` },
    properties: {
      tags: ["security", "vulnerability", severity],
      precision: "very-high",
      "security-severity": scores[severity],
    },
  }
}
