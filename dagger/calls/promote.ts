// Promotion as the module's objects need it: after a gate, from a verdict file, and of a whole quarantine.
import { dag, type Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { describeDeletion, renderPromotion } from "../../core/promote/render-promotion.js"
import { renderRun, type RunRow } from "../../core/evidence/render/render-run.js"
import type { ScanMethod } from "../../core/findings/assessment.js"
import { parseRepository } from "../../core/oci/reference.js"
import type { TagSelection } from "../../core/oci/tags.js"
import { deleteImage } from "../../core/delete/delete-image.js"
import { promote } from "../../core/promote/promote.js"
import { promoteQuarantine, type TagRun } from "../../core/promote/promote-quarantine.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import type { PromotionResult } from "../../core/promote/promotion-result.js"
import { deletionWay } from "./deletion-way.js"
import { sbomType } from "./gate.js"
import { type GateState, pinnedAgain, restoreGate } from "./gate-state.js"
import { targetOf } from "./mirror.js"
import { reportFiles, toDirectory, toJson } from "./report-files.js"
import { Session } from "./session.js"
import type { State } from "../state/state.js"

export type PromotionState = { document: string; markdown: string; files: Directory }
export type PromoteArguments = { readonly target: string; readonly deleteSource: boolean; readonly dryRun: boolean }

/** Promotes what a gate object judged; its state never left the engine. */
export async function runPromote(
  state: State,
  gated: GateState,
  image: string,
  options: PromoteArguments,
): Promise<PromotionState> {
  const session = await Session.open(state)
  return carryOut(session, await restoreGate(gated, pinnedAgain(image)), options)
}

export type QuarantineArguments = {
  readonly source: string
  readonly target: string
  readonly method: ScanMethod
  readonly predicateType: string
  readonly tags: TagSelection
  readonly deleteSource: boolean
  readonly requireTags: boolean
  readonly dryRun: boolean
}

export async function runQuarantine(state: State, args: QuarantineArguments): Promise<PromotionState> {
  const session = await Session.open(state)
  const [source, target] = [parseRepository(args.source), parseRepository(args.target)]
  const vex = await session.vexFiles()
  const predicateType = sbomType(args.predicateType)
  const way = await deletionWay(session.settings, source)
  const request = { ...args, source, target, predicateType, vex, deletionWay: way }
  const { tags, emptyReason } = await promoteQuarantine(await session.operation(), request)
  if (emptyReason !== undefined && args.requireTags) throw new CsscError("REGISTRY_NOT_FOUND", emptyReason)
  const document = {
    schema: "https://cssc.dev/run/v1",
    source: args.source,
    target: args.target,
    dryRun: args.dryRun,
    ...(emptyReason === undefined ? {} : { emptyReason }),
    tags: tags.map(rowOf),
  }
  const markdown = `${renderRun(tags.map(summaryOf), `${args.source} → ${args.target}`)}${emptyReason === undefined ? "" : `\n${emptyReason}\n`}`
  const json = toJson(document)
  const files = tags.reduce((all, run) => all.withDirectory(`tags/${run.tag}`, filesOf(run)), dag.directory())
  return { document: json, markdown, files: files.withNewFile("result.json", json).withNewFile("summary.md", markdown) }
}

/** Promotes what was judged, and deletes the source when asked. */
export async function carryOut(
  session: Session,
  gated: GateResult,
  { target, deleteSource, dryRun }: PromoteArguments,
): Promise<PromotionState> {
  const request = { source: gated.image, target: targetOf(target, gated.image), dryRun }
  if (request.target.tag === undefined)
    throw new CsscError(
      "REFERENCE_INVALID",
      `the image was named by digest alone, so the target "${target}" needs a tag`,
    )
  const promotion = await promote(await session.operation(), gated, request)
  const done = promotion.outcome === "promote" || promotion.outcome === "unchanged"
  if (!deleteSource || !done) return promotionState(promotion, gated)
  const way = await deletionWay(session.settings, gated.image)
  const deletion = await deleteImage(session, { image: gated.image, referrers: true, dryRun: false, deletionWay: way })
  return promotionState({ ...promotion, deletion }, gated)
}

function promotionState(promotion: PromotionResult, gated: GateResult): PromotionState {
  const [document, markdown] = [toJson(promotion), renderPromotion(promotion)]
  const files = toDirectory({
    "result.json": document,
    "verdict.json": toJson(gated.verdict),
    "summary.md": markdown,
    "assessment.json": toJson(gated.assessment),
    ...reportFiles(gated.assessment, gated.reports),
  })
  return { document, markdown, files }
}

function filesOf(run: TagRun): Directory {
  if ("promotion" in run) return promotionState(run.promotion, run.gate).files
  return dag.directory().withNewFile("error.txt", `${run.error}\n`)
}

function rowOf(run: TagRun) {
  if ("error" in run) return { tag: run.tag, outcome: "failed", error: run.error }
  return { tag: run.tag, ...run.promotion }
}

function summaryOf(run: TagRun): RunRow {
  if ("error" in run) return { tag: run.tag, outcome: "failed", why: run.error }
  const { outcome, digest, verdict, deletion, sourceMovedTo } = run.promotion
  return {
    tag: run.tag,
    outcome,
    digest,
    verdict,
    ...(deletion === undefined ? {} : { source: describeDeletion(deletion) }),
    ...(sourceMovedTo === undefined ? {} : { why: `the source's tag moved to ${sourceMovedTo} after it was judged` }),
  }
}
