// An answer to a request, read from the forge's API by its number: who wrote what, whether they may, and what exactly it
// is an answer to. Everything that comes from an event, a title or a body is left alone.
import { CsscError } from "../errors.js"
import { type Command, parseCommand } from "./command.js"
import type { Account, Comment, Forge, Issue, Role } from "./forge.js"
import { commentText } from "./issue-text.js"
import { isTampered, keyOf, type Marked, marksOf } from "./mark.js"
import { type ApprovalRules, commentProblem, personProblem } from "./who-may.js"

export type AnswerRequest = {
  readonly issue: number
  readonly comment: number
  /** The key that the issue must be about, without its tag. */
  readonly repository: string
  readonly rules: ApprovalRules
  /** Says nothing in the issue. */
  readonly silent?: boolean
}

export type Answer = {
  readonly issue: Issue
  readonly comment: Comment
  readonly approver: Account
  readonly role: Role
  readonly command: Command
  readonly key: string
  /** The newest request: the digest that may be decided about. */
  readonly request: Marked<"request">
  /** This comment was carried out before. */
  readonly done?: Marked<"approved"> | Marked<"denied">
}

/** What is wrong with an answer, told in the issue once. Spam gets no echo. */
const maxRefusals = 20

/** Reads an answer; throws `APPROVAL_REFUSED`, after one comment that says why where that is for its author to know. */
export async function readAnswer(forge: Forge, asked: AnswerRequest): Promise<Answer> {
  const [self, issue] = await Promise.all([forge.self(), forge.issue(asked.issue)])
  const key = keyOf(issue, self)
  if (key === undefined) throw refusal(asked, "the issue was not opened by the account that the token acts as")
  if (!isAbout(key, asked.repository))
    throw refusal(asked, `the issue is not about an image of ${asked.repository}, which is the source of this call`)
  const comment = await forge.comment(asked.issue, asked.comment)
  const parsed = parseCommand(comment.body)
  if ("none" in parsed) throw refusal(asked, "the comment is no command")
  const comments = await forge.comments(asked.issue)
  const marks = marksOf(comments, self, key)
  const tell = (why: string) => refuse(forge, { asked, key, marks }, why)
  const { author: approver } = comment
  const problem = commentProblem(comment, asked.issue)
  if (problem !== undefined || approver === undefined) return tell(problem ?? "it has no author")
  const request = marks.findLast((mark) => mark.kind === "request")
  const role = await forge.role(approver)
  const isDenial = "command" in parsed && parsed.command.kind === "deny"
  const rules = isDenial ? { ...asked.rules, self: "allow" as const } : asked.rules
  const person = personProblem(approver, role, { actor: request?.actor ?? "", self }, rules)
  if (person !== undefined) return tell(person)
  if ("problem" in parsed) return tell(parsed.problem)
  const answer = { issue, comment, approver, role, command: parsed.command, key }
  const done = marks.findLast((mark) => isDecision(mark) && mark.comment === comment.id)
  if (request === undefined) return tell("nothing is asked in this issue: the note that says what is gone")
  if (isTampered(comments, self, request))
    return tell("a note of this account was edited, so nobody knows what was asked and decided: run the request again")
  if (done !== undefined && isDecision(done)) return { ...answer, request, done }
  const late = orderProblem(comment, request, marks)
  return late === undefined ? { ...answer, request } : tell(late)
}

// By whole seconds, as forges tell time: who wrote in the same second cannot have read it.
function orderProblem({ createdAt }: Comment, request: Marked, marks: readonly Marked[]): string | undefined {
  const written = Date.parse(createdAt)
  if (!(written > Date.parse(request.at))) return "it is older than what is asked now: read that, and write a new one"
  const decided = marks.findLast(isDecision)
  return decided !== undefined && Date.parse(decided.at) >= written
    ? "something else was decided after it was written: write a new one"
    : undefined
}

function isDecision(mark: Marked): mark is Marked<"approved"> | Marked<"denied"> {
  return mark.kind === "approved" || mark.kind === "denied"
}

type Refused = { readonly asked: AnswerRequest; readonly key: string; readonly marks: readonly Marked[] }

/** Says why, once for a comment, and throws. */
export async function refuse(forge: Forge, { asked, key, marks }: Refused, why: string): Promise<never> {
  const refused = marks.filter((mark) => mark.kind === "refused")
  const isTold = refused.some(({ comment }) => comment === asked.comment)
  if (!isTold && asked.silent !== true && refused.length < maxRefusals)
    await forge.say(
      asked.issue,
      commentText({ kind: "refused", key, comment: asked.comment }, `Not carried out: ${why}.`),
    )
  throw refusal(asked, why)
}

/** A refusal that was found later, such as by the gate. */
export async function refuseAnswer(forge: Forge, asked: AnswerRequest, key: string, why: string): Promise<never> {
  const marks = marksOf(await forge.comments(asked.issue), await forge.self(), key)
  return refuse(forge, { asked, key, marks }, why)
}

function isAbout(key: string, repository: string): boolean {
  return key === `image ${repository}` || key.startsWith(`image ${repository}:`)
}

function refusal({ issue, comment }: AnswerRequest, why: string): CsscError {
  return new CsscError("APPROVAL_REFUSED", `comment ${comment} on issue ${issue}: ${why}; nothing was promoted`)
}
