// What VEX could not settle: statements that contradict each other, documents and statements that cannot be used, and
// documents by nobody whom the policy trusts. Statements that help need no reason; the verdict lists them.
import { listSome } from "../../list-some.js"
import type { Policy } from "../document/policy.js"
import type { Reason } from "../verdict/verdict.js"
import type { JudgedDocument } from "../vex/judged-document.js"
import type { JudgedVex, VexConflict } from "../vex/judged-vex.js"
import { invalidText } from "../vex/standing.js"
import { type Case, count, platformReason } from "./rule.js"

export function vexRule(image: Case): Reason[] {
  const { vex, assessment, policy } = image
  if (vex === undefined) return []
  const unreadable = (assessment.vex?.problems ?? []).map(({ source, message, signature }): Reason => {
    const told = `the VEX document ${source} cannot be used: ${brief(message)}`
    if (signature?.status !== "invalid") return unusable(policy, told)
    return { code: "SIGNATURE_INVALID", effect: "block", message: `${told}; ${invalidText(signature.reason)}` }
  })
  return [...conflicts(image, vex), ...unreadable, ...vex.documents.flatMap((one) => documentReasons(one, policy))]
}

function conflicts({ platforms, policy }: Case, { conflicts: all }: JudgedVex): Reason[] {
  return platforms.flatMap((judged) => {
    const found = all.filter(({ platform }) => platform === judged.assessment.platform)
    const same = found.filter(({ unmatched }) => !unmatched)
    const wide = found.filter(({ unmatched }) => unmatched)
    return [
      ...(same.length === 0
        ? []
        : [`VEX statements made at the same time contradict each other on ${listPlaces(same)}`]),
      ...(wide.length === 0
        ? []
        : [
            `a VEX statement or document that cannot be matched or read may take back what is said of ${listPlaces(wide)}`,
          ]),
    ].map((text) => platformReason(judged, "VEX_CONFLICT", policy.vex.conflict, text))
  })
}

function listPlaces(conflicts: readonly VexConflict[]): string {
  const names = [...new Set(conflicts.map(({ id, purl }) => (purl === "" ? id : `${id} in ${purl}`)))]
  const sources = [...new Set(conflicts.flatMap((one) => one.sources))].sort()
  return `${listSome(names.map(brief))} (${listSome(sources.map(brief))})`
}

function documentReasons(judged: JudgedDocument, policy: Policy): Reason[] {
  const { document, standing, shortcomings, wouldSuppress, wouldRetract } = judged
  const name = `the VEX document ${document.source}`
  if (!standing.trusted) {
    const retracted = `, ${count(wouldRetract, "suppression")} that it would have taken back`
    const lost = `${count(wouldSuppress, "finding")} that it would have suppressed${wouldRetract === 0 ? "" : retracted}`
    if (standing.code === "VEX_UNUSABLE") return [unusable(policy, `${name} does not count: ${brief(standing.why)}`)]
    const effect = standing.code === "SIGNATURE_INVALID" ? "block" : "report"
    return [{ code: standing.code, effect, message: `${name} does not count (${lost}): ${brief(standing.why)}` }]
  }
  if (shortcomings.length === 0) return []
  const parts = count(shortcomings.length, "statement or product", "statements or products")
  return [unusable(policy, `${name} has ${parts} that cannot be used: ${listSome(shortcomings.map(brief))}`)]
}

function unusable({ vex }: Policy, message: string): Reason {
  return { code: "VEX_UNUSABLE", effect: vex.unusable, message }
}

/** What a document says of itself may be long: a reason is read by people. */
function brief(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text
}
