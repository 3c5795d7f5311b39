// What is said and shown after a decision was carried out. The note comes first: with it a repetition knows.
import { type Forge, labels } from "./forge.js"
import { commentText } from "./issue-text.js"
import { code, plain } from "./markdown.js"
import type { Answer } from "./read-answer.js"

/** `target` is where it was promoted to. */
export async function concludeApproved(forge: Forge, answer: Answer, target: string): Promise<void> {
  const { issue, comment, approver, command, key, request, done } = answer
  if (command.kind !== "approve") return
  const { digest } = request
  const { cves, until } = command
  const sentence = `Promoted: ${code(digest)} to ${code(target)}, by ${plain(approver.name)}, until ${until}.`
  const mark = { kind: "approved", key, digest, comment: comment.id, cves, until } as const
  if (done === undefined) await forge.say(issue.number, commentText(mark, sentence))
  await forge.changeIssue(issue, { label: labels.approved, open: false })
}

export async function concludeDenied(forge: Forge, answer: Answer): Promise<void> {
  const { issue, comment, approver, key, request, done } = answer
  const mark = { kind: "denied", key, digest: request.digest, ids: request.ids, comment: comment.id } as const
  const sentence = `Denied by ${plain(approver.name)}: ${code(request.digest)} is not asked about again.`
  if (done === undefined) await forge.say(issue.number, commentText(mark, sentence))
  await forge.changeIssue(issue, { label: labels.denied, open: false })
}
