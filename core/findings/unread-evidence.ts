// What an assessment could not read because a registry or a tool failed, as opposed to what is wrong with what was read.
import type { Assessment, Problem, ProblemCode } from "./assessment.js"

const always: ReadonlySet<ProblemCode> = new Set(["EVIDENCE_UNREADABLE", "REFERRERS_UNREADABLE", "SCANNER_FAILED"])

/** Problems that another run may not have; a verdict with one of them says nothing about the image. */
export function unreadIn({ problems = [], platforms }: Pick<Assessment, "problems" | "platforms">): readonly Problem[] {
  return [...problems, ...platforms.flatMap((platform) => platform.problems)].filter(isUnread)
}

// Of an attachment that was read it is told who signed it.
function isUnread({ code, signature }: Problem): boolean {
  return always.has(code) || (code === "SBOM_UNREADABLE" && signature === undefined)
}
