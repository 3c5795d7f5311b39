// An answer carried out: denied, or judged again by its digest, overridden and promoted. Nothing is promoted by what an
// issue says, and nothing twice.
import { CsscError } from "../errors.js"
import type { GateResult } from "../gate/gate-result.js"
import { overridden } from "../gate/overridden.js"
import {
  parseReference,
  type PinnedReference,
  type Reference,
  type Repository,
  repositoryName,
} from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { defaultApprovals } from "../policy/document/approvals-schema.js"
import { answerProblem } from "./answer-problem.js"
import type { Command } from "./command.js"
import { concludeApproved, concludeDenied } from "./conclude.js"
import type { Forge } from "./forge.js"
import { plain } from "./markdown.js"
import { type Answer, type AnswerRequest, readAnswer, refuseAnswer } from "./read-answer.js"

export type ApproveRequest = {
  readonly issue: number
  readonly comment: number
  readonly source: Repository
  readonly dryRun: boolean
  /** Where an image goes. */
  readonly target: (image: PinnedReference) => Reference
}

/** What is done with the image itself. */
export type Steps<Promotion> = {
  readonly gate: (image: PinnedReference) => Promise<GateResult>
  readonly promote: (gated: GateResult, target: Reference) => Promise<Promotion>
}

export type Approved<Promotion> = {
  readonly outcome: "promoted" | "unchanged" | "denied" | "dryrun"
  readonly answer: Answer
  readonly promotion?: Promotion
}

type Work<Promotion> = {
  readonly forge: Forge
  readonly operation: Operation
  readonly steps: Steps<Promotion>
  readonly request: ApproveRequest
  readonly asked: AnswerRequest
}

/** Throws `APPROVAL_REFUSED` for what may not be, and whatever a forge or registry fails with. */
export async function approve<Promotion extends { readonly outcome: string }>(
  forge: Forge,
  operation: Operation,
  request: ApproveRequest,
  steps: Steps<Promotion>,
): Promise<Approved<Promotion>> {
  const rules = operation.policy.approvals ?? defaultApprovals
  const { issue, comment, dryRun } = request
  const asked = { issue, comment, repository: repositoryName(request.source), rules, silent: dryRun }
  const work = { forge, operation, steps, request, asked }
  const answer = await readAnswer(forge, asked)
  const { command, done } = answer
  if (command.kind === "deny") {
    if (!dryRun) await concludeDenied(forge, answer)
    return { outcome: dryRun ? "dryrun" : "denied", answer }
  }
  const image = imageOf(request.source, answer)
  const target = request.target(image)
  return done === undefined ? promote(work, answer, command, image, target) : repeat(work, answer, target)
}

type Approve = Extract<Command, { kind: "approve" }>

async function promote<Promotion extends { readonly outcome: string }>(
  work: Work<Promotion>,
  answer: Answer,
  command: Approve,
  image: PinnedReference,
  target: Reference,
): Promise<Approved<Promotion>> {
  const { forge, operation, steps, request } = work
  const tell = (why: string) => refuseAnswer(forge, work.asked, answer.key, why)
  const { rules } = work.asked
  const problem = await answerProblem(operation, { image, command, approver: answer.approver, rules })
  if (problem !== undefined) return tell(problem)
  const gated = await steps.gate(image)
  // What passes by now needs nobody's word.
  const granted = gated.verdict.passed ? gated : grant(work, gated, answer, command)
  if ("problem" in granted) return tell(granted.problem)
  await requireUnchanged(work, answer)
  const before = await operation.registry.resolve(target)
  const promotion = await steps.promote(granted, target)
  if (request.dryRun) return { outcome: "dryrun", answer, promotion }
  if (promotion.outcome !== "promote" && promotion.outcome !== "unchanged")
    throw new CsscError("GATE_BLOCKED", `the promotion ended as "${promotion.outcome}": nothing was approved`)
  operation.progress(`promoted ${target.repository} by the answer of ${answer.approver.name}`)
  await concludeApproved(forge, answer, `${repositoryName(target)}:${target.tag ?? ""}`)
  return { outcome: before === image.digest ? "unchanged" : "promoted", answer, promotion }
}

// The same comment again: well done already, or it is no answer to what is there by now.
async function repeat<Promotion>(
  { forge, operation, request, asked }: Work<Promotion>,
  answer: Answer,
  target: Reference,
): Promise<Approved<Promotion>> {
  const now = await operation.registry.resolve(target)
  if (now !== answer.done?.digest)
    return refuseAnswer(forge, asked, answer.key, "it was carried out before, and the target is another image since")
  if (!request.dryRun) await concludeApproved(forge, answer, "")
  return { outcome: "unchanged", answer }
}

function grant<Promotion>({ forge, operation }: Work<Promotion>, gated: GateResult, answer: Answer, command: Approve) {
  const { approver, role, comment } = answer
  const { cves, until: expires, reason } = command
  try {
    const by = `${approver.name} (${forge.kind}, ${role})`
    const granted = overridden(operation, gated, { approver: by, reason, reference: comment.url, cves, expires })
    return granted.verdict.passed ? granted : { problem: stays(granted) }
  } catch (error) {
    if (!(error instanceof CsscError) || error.code !== "OVERRIDE_REFUSED") throw error
    return { problem: plain(error.reason) }
  }
}

function stays({ verdict }: GateResult): string {
  const { remaining, reasons } = verdict
  const first = reasons.find(({ effect }) => effect === "block")?.message ?? verdict.outcome
  if (remaining.length === 0) return `it stays blocked for what no approval lifts: ${plain(first)}`
  return `it does not name all that blocks: ${plain(remaining.slice(0, 20).join(" "))}`
}

// A gate takes minutes: in them it may have been taken back, denied, or asked about something else.
async function requireUnchanged<Promotion>({ forge, asked }: Work<Promotion>, before: Answer): Promise<void> {
  const now = await readAnswer(forge, asked)
  const isSame =
    now.done === undefined &&
    now.request.digest === before.request.digest &&
    now.request.at === before.request.at &&
    now.comment.body === before.comment.body
  if (!isSame) await refuseAnswer(forge, asked, before.key, "something else was asked or decided meanwhile")
}

// The tag is the issue's, the repository the caller's, the digest the newest request's; the gate judges what it finds.
function imageOf(source: Repository, { key, request }: Answer): PinnedReference {
  const { tag } = parseReference(key.replace(/^image /, ""))
  const { registry, repository } = source
  return { registry, repository, digest: request.digest, ...(tag === undefined ? {} : { tag }) }
}
