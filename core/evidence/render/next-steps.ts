// What to do about what stops an image: a hint for each kind of reason, and the exception to paste where there is no fix.
import { stringify } from "yaml"
import { visible } from "../../clean-line.js"
import { heading, list, mark, type Page, paragraph } from "../../page/page.js"
import type { ReasonCode, Verdict } from "../../policy/verdict/verdict.js"
import { type FindingGroup, groupFindings } from "./finding-groups.js"

const maxExceptions = 25

/** Where the way out is not one upgrade or exception; docs/policy.md tells more of each. */
export const hints: Partial<Readonly<Record<ReasonCode, string>>> = {
  MISSING_SBOM: "attach an SBOM to each platform, ask its publisher for one, or gate with --method image",
  UNASSESSED: "scan with --method image, or accept the packages by an exception with package",
  END_OF_LIFE: "move to a release that is still supported",
  DATABASE_STALE: "let the vulnerability database be fetched again, or mirror a newer one",
  DATABASE_UNKNOWN: "use results that name their database, or scan again",
  PLATFORM_MISSING: "build the platform, or take it out of the policy's platforms.required",
  NO_INPUT: "name an image with platforms, or reports that can be read",
  SCAN_FAILED: "run it again; the message says what the scanner could not read",
  TOOL_DENIED: "scan again with another version of the tool",
  EVIDENCE_MISSING: "attach the evidence, or ask the publisher for it",
  EVIDENCE_UNSIGNED: "trust its publisher with --with-trusted-key or keyless identities, or have it signed",
  EVIDENCE_STALE: "make the evidence again",
  EVIDENCE_REMOVED: "find out who deleted it, and mirror the image again",
  SIGNATURE_INVALID: "find out who replaced it: do not promote",
  SBOM_MISMATCH: "ask for an SBOM of this very image: the two differ",
  NEW_FINDINGS: "fix what is new, or accept it by an exception",
  ROLLBACK: "promote the newer build, or set regression.rollback",
  EXCEPTION_EXPIRED: "renew the exception, or take it out",
  EXCEPTION_FIXABLE: "upgrade: there is a fix now",
}

/** Nothing, when nothing stops it. */
export function nextSteps(verdict: Verdict): Page {
  const codes = new Set(verdict.reasons.filter(({ effect }) => effect === "block").map(({ code }) => code))
  const known = [...codes].flatMap((code) =>
    hints[code] === undefined ? [] : [[mark("strong", code), ` ${hints[code]}`]],
  )
  const groups = groupFindings(verdict.findings.filter(({ judgement }) => judgement === "blocking"))
  const steps = [...(known.length === 0 ? [] : [list(known)]), ...exceptionSteps(groups)]
  return steps.length === 0 ? [] : [heading(3, "What to do next"), ...steps]
}

function exceptionSteps(groups: readonly FindingGroup[]): Page {
  if (groups.length === 0) return []
  const rest = groups.length - maxExceptions
  const fixable = groups.filter(({ packages }) => packages.every(({ fixedVersion = "" }) => fixedVersion !== "")).length
  const upgrade = fixable === 0 ? "None has a fix yet. " : `${fixable} of ${groups.length} can be upgraded away. `
  const text = `${upgrade}What has to be accepted for a while goes into the policy, with the placeholders filled in:`
  return [
    paragraph(text),
    { kind: "fence", language: "yaml", text: exceptionsYaml(groups.slice(0, maxExceptions)) },
    ...(rest > 0 ? [paragraph(`and ${rest} more in the same way`)] : []),
  ]
}

/** As it stands it is no valid policy: a placeholder is neither a date nor a reason that anybody gave. */
export function exceptionsYaml(groups: readonly FindingGroup[]): string {
  const exceptions = groups.map(({ id }) => ({
    id: visible(id),
    reason: "WHY IT IS ACCEPTABLE",
    owner: "WHO ANSWERS FOR IT",
    expires: "YYYY-MM-DD",
  }))
  return stringify({ exceptions }, { lineWidth: 0 })
}
