// What was judged, promoted: the end of every way to a promotion.
import type { Container } from "@dagger.io/dagger"
import { deleteImage } from "../../core/delete/delete-image.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import type { Reference } from "../../core/oci/reference.js"
import { promote } from "../../core/promote/promote.js"
import { isPassing, type PromotionResult } from "../../core/promote/promotion-result.js"
import { renderPromotion } from "../../core/promote/render-promotion.js"
import { scratchDirectory } from "../containers/scratch.js"
import { deletionWay } from "./deletion-way.js"
import { reportFiles } from "./gate-results.js"
import { promotionReport, reportFilesOf } from "./reports.js"
import { requestFiles, type ResultFields, type ResultFiles, toJson } from "./result-files.js"
import type { Session } from "./session.js"
import { summaryFiles, tell } from "./tell.js"

/** `target` has a tag. */
export type CarryOut = { readonly target: Reference; readonly deleteSource: boolean; readonly dryRun: boolean }

export type PromotionFields = ResultFields & {
  readonly outcome: string
  readonly passed: boolean
  readonly digest: string
  readonly containers: Container[]
}

/** Promotes, and deletes the source when asked. */
export async function carryOut(
  { operation, settings, look, registry }: Session,
  gated: GateResult,
  { target, deleteSource, dryRun }: CarryOut,
): Promise<PromotionFields> {
  const source = gated.image
  // A token that cannot be used is told before anything is written.
  const way = deleteSource && !dryRun ? await deletionWay(settings, source) : undefined
  const targetWay = await deletionWay(settings, target)
  const containers = settings.givenToolbox === undefined ? [] : [settings.givenToolbox]
  const fields = async (result: PromotionResult) => ({
    ...(await promotionFields(result, gated, { look, registry })),
    containers,
  })
  const promotion = await promote(operation, gated, { source, target, dryRun, deletionWay: targetWay })
  const done = promotion.outcome === "promote" || promotion.outcome === "unchanged"
  if (way === undefined || !done) return fields(promotion)
  const request = { image: source, referrers: true, dryRun: false, deletionWay: way }
  return fields({ ...promotion, deletion: await deleteImage(operation, request) })
}

async function promotionFields(
  promotion: PromotionResult,
  gated: GateResult,
  { look, registry }: Pick<Session, "look" | "registry">,
): Promise<Omit<PromotionFields, "containers">> {
  const reports = await reportFilesOf(promotionReport(promotion, gated))
  const files = { ...promotionFiles(promotion, gated), ...reports, ...requestFiles(registry) }
  const { outcome, digest } = promotion
  const told = tell(renderPromotion(promotion), look)
  return {
    ...told,
    json: files["result.json"],
    results: scratchDirectory(files),
    outcome,
    passed: isPassing(outcome),
    digest,
  }
}

/** A promotion's results as files. */
export function promotionFiles(promotion: PromotionResult, { verdict, assessment, reports }: GateResult) {
  return {
    "result.json": toJson(promotion),
    "verdict.json": toJson(verdict),
    ...summaryFiles(renderPromotion(promotion)),
    "assessment.json": toJson(assessment),
    ...reportFiles(assessment, reports),
  } satisfies ResultFiles
}
