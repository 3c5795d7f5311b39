// A comment on an issue, carried out.
import { approve, type Approved } from "../../../core/approval/approve.js"
import { CsscError } from "../../../core/errors.js"
import { gate } from "../../../core/gate/gate.js"
import type { Judging } from "../../../core/gate/judging.js"
import { parseRepository } from "../../../core/oci/reference.js"
import { mark, type Page, paragraph } from "../../../core/page/page.js"
import { carryOut, type PromotionFields } from "../../session/carry-out.js"
import { promotionTarget, sbomType, targetReference } from "../../session/image-arguments.js"
import { openForge } from "../../session/open-forge.js"
import { type ResultFields, resultOf, toJson } from "../../session/result-files.js"
import { begin, type Session } from "../../session/session.js"
import { tell } from "../../session/tell.js"
import type { State } from "../../state/state.js"

export type ApproveArguments = Judging & {
  readonly issue: number
  /** Digits: comments of GitHub are beyond 32 bits. */
  readonly comment: string
  readonly source: string
  readonly target: string
  readonly deleteSource: boolean
  readonly dryRun: boolean
}

export type ApprovalFields = ResultFields & { readonly outcome: string; readonly digest: string }

export async function runApprove(state: State, args: ApproveArguments): Promise<ApprovalFields> {
  const { session, source, target, predicateType, issue, comment } = await begin(state, {
    source: () => parseRepository(args.source),
    target: () => targetReference(args.target),
    predicateType: () => sbomType(args.predicateType),
    issue: () => idOf(String(args.issue), "issue"),
    comment: () => idOf(args.comment, "comment"),
  })
  const { operation, settings } = session
  const { method, deleteSource, dryRun } = args
  const vex = await session.vexFiles()
  const request = { issue, comment, source, dryRun, target: promotionTarget.bind(undefined, target) }
  const approved = await approve(await openForge(settings), operation, request, {
    // What it would replace, as for a whole quarantine.
    gate: (image) => gate(operation, { image, method, predicateType, vex, baseline: promotionTarget(target, image) }),
    promote: (gated, to) => carryOut(session, gated, { target: to, deleteSource, dryRun }),
  })
  return approvalFields(session, approved)
}

function idOf(text: string, what: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text.trim())) return Number(text)
  throw new CsscError("ARGUMENT_INVALID", `${what} is a number from 1, as the forge gives it`)
}

function approvalFields(
  session: Pick<Session, "look" | "registry">,
  { outcome, answer, promotion }: Approved<PromotionFields>,
): ApprovalFields {
  const { issue, comment, approver, role, command, request } = answer
  const { digest } = request
  const where = { issue: issue.url, comment: comment.url, approver: approver.name, role }
  const document = { schema: "https://cssc.dev/approval/v1", outcome, digest, ...where, command }
  const page: Page = [paragraph(mark("strong", outcome), ` by ${approver.name} (${role}): ${command.reason}`)]
  if (promotion === undefined) return { ...resultOf(document, page, session), outcome, digest }
  const [json, told] = [toJson(document), tell(page, session.look)]
  return {
    json,
    summary: `${told.summary}\n${promotion.summary}`,
    markdown: `${told.markdown}\n${promotion.markdown}`,
    outcome,
    digest,
    results: promotion.results.withNewFile("approval.json", json),
  }
}
