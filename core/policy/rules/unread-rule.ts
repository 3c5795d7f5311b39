// What was asked for and could not be read, because a registry or a tool failed, or because somebody took it away: it may
// hold what stops the image.
import type { Reason } from "../verdict/verdict.js"
import type { Case } from "./rule.js"

/** What belongs to the image as a whole; a platform's own problems are told by the coverage rule. */
export function unreadRule({ assessment: { problems = [] } }: Case): Reason[] {
  return problems.map(({ code, message }) => ({
    code: code === "EVIDENCE_REMOVED" ? code : "EVIDENCE_UNREADABLE",
    effect: "block",
    message,
  }))
}
