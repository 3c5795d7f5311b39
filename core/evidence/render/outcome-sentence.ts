// An outcome in one sentence: what happens to the image, and the main reason.
import { assertNever } from "../../errors.js"
import type { Verdict } from "../../policy/verdict/verdict.js"

/** What a run did with a tag; verdicts know only the first four. */
export type RunOutcome = Verdict["outcome"] | "dryrun" | "unchanged" | "failed"

/** A sign that is seen before anything is read. */
export function signOf(outcome: RunOutcome): string {
  switch (outcome) {
    case "promote":
    case "dryrun":
      return "✅"
    case "blocked":
    case "blocked-missing-sbom":
    case "failed":
      return "⛔"
    case "unassessed":
      return "❔"
    case "unchanged":
      return "➖"
    default:
      return assertNever(outcome)
  }
}

/** Why a verdict is what it is, as plain text. */
export function whyOf(verdict: Verdict): string {
  const { outcome, policy, platforms, remaining } = verdict
  const missing = platforms.filter(({ missingSbom }) => missingSbom).length
  const some = acceptedText(verdict)
  switch (outcome) {
    case "promote":
      return `No platform has an open vulnerability at ${policy.severity} or above${some}.`
    case "blocked-missing-sbom":
      return `${missing} of ${platforms.length} platforms have no SBOM that can be trusted.`
    case "unassessed":
      return `Nobody can say that it is safe: ${firstReason(verdict)}.`
    case "blocked":
      if (remaining.length === 0) return `It may not pass: ${firstReason(verdict)}.`
      return `${count(remaining.length)} at ${policy.severity} or above stop it${some}.`
    default:
      return assertNever(outcome)
  }
}

function acceptedText({ excepted, override }: Verdict): string {
  const parts = [
    ...(excepted.length === 0 ? [] : [`${excepted.length} accepted by exceptions`]),
    ...(override?.state !== "used" ? [] : [`${override.covered.length} overridden by ${override.approver}`]),
  ]
  return parts.length === 0 ? "" : ` after ${parts.join(" and ")}`
}

function firstReason({ reasons }: Verdict): string {
  return (reasons.find(({ effect }) => effect === "block")?.message ?? "").replace(/\.$/, "")
}

function count(number: number): string {
  return number === 1 ? "1 vulnerability" : `${number} vulnerabilities`
}
