// An outcome in a few words and in one sentence: what happens to the image, and the main reason.
import { assertNever } from "../../errors.js"
import type { Sign } from "../../page/page.js"
import type { Verdict } from "../../policy/verdict/verdict.js"

/** What a run did with a tag; verdicts know only the first four. */
export type RunOutcome = Verdict["outcome"] | "dryrun" | "unchanged" | "failed"

/** A sign that is seen before anything is read. */
export function signOf(outcome: RunOutcome): Sign {
  switch (outcome) {
    case "promote":
    case "dryrun":
      return "good"
    case "blocked":
    case "blocked-missing-sbom":
    case "failed":
      return "bad"
    case "unassessed":
      return "unknown"
    case "unchanged":
      return "same"
    default:
      return assertNever(outcome)
  }
}

/** A gate only judges: nothing has happened to the image yet. */
export function judgedWords(outcome: Verdict["outcome"]): string {
  return outcome === "promote" ? "would pass" : blockedWords(outcome)
}

/** What a promotion did. */
export function promotedWords(outcome: RunOutcome): string {
  switch (outcome) {
    case "promote":
      return "promoted"
    case "dryrun":
      return "would be promoted"
    case "unchanged":
      return "promoted already, unchanged"
    case "failed":
      return "failed"
    default:
      return blockedWords(outcome)
  }
}

function blockedWords(outcome: Exclude<Verdict["outcome"], "promote">): string {
  switch (outcome) {
    case "blocked":
      return "blocked"
    case "blocked-missing-sbom":
      return "blocked, an SBOM is missing"
    case "unassessed":
      return "blocked, not assessed"
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
      return `${count(remaining.length)} at ${policy.severity} or above ${remaining.length === 1 ? "stops" : "stop"} it${some}.`
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
