// Whether the one who answers may: by role, and not for what they asked for themselves.
import type { Account, Comment, Role } from "./forge.js"
import { isEdited } from "./mark.js"

/** The policy's `approvals`. */
export type ApprovalRules = {
  readonly self: "refuse" | "allow"
  /** Whether it may be unknown who acquired the image. */
  readonly unknownAcquirer: "refuse" | "allow"
  readonly role: "maintain" | "admin"
  readonly max: number
}

/** Why a comment may not count at all, whoever wrote it. Texts that may be edited later prove nothing. */
export function commentProblem(comment: Comment, issue: number): string | undefined {
  if (comment.issue !== issue) return "the comment is not in this issue"
  if (comment.author === undefined) return "nobody knows who wrote the comment: the account is gone"
  if (comment.automatic) return "a program wrote the comment, and only people decide"
  if (isEdited(comment)) return "the comment was edited: write a new one"
  return undefined
}

/** Why this person may not decide; undefined when they may. */
export function personProblem(
  { name, id }: Account,
  role: Role,
  asked: { readonly actor: string; readonly self: Account },
  rules: ApprovalRules,
): string | undefined {
  const enough = role === "admin" || (role === "maintain" && rules.role === "maintain")
  if (!enough) return `its author does not have the role ${rules.role} in this project`
  if (rules.self === "allow") return undefined
  if (id === asked.self.id) return "it was written by the account that the job itself acts as"
  const same = asked.actor !== "" && asked.actor.toLowerCase() === name.toLowerCase()
  return same ? "its author started the run that asks, and the policy wants somebody else" : undefined
}
