// What was judged, promoted: the end of every way to a promotion.
import { deleteImage } from "../../core/delete/delete-image.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import type { Reference } from "../../core/oci/reference.js"
import { promote } from "../../core/promote/promote.js"
import { isPassing, type PromotionResult } from "../../core/promote/promotion-result.js"
import { renderPromotion } from "../../core/promote/render-promotion.js"
import { deletionWay } from "./deletion-way.js"
import { reportFiles } from "./gate-results.js"
import { type ResultFields, type ResultFiles, toDirectory, toJson } from "./result-files.js"
import type { Session } from "./session.js"

/** `target` has a tag. */
export type CarryOut = { readonly target: Reference; readonly deleteSource: boolean; readonly dryRun: boolean }

export type PromotionFields = ResultFields & {
  readonly outcome: string
  readonly passed: boolean
  readonly digest: string
}

/** Promotes, and deletes the source when asked. */
export async function carryOut(
  { operation, settings }: Session,
  gated: GateResult,
  { target, deleteSource, dryRun }: CarryOut,
): Promise<PromotionFields> {
  const source = gated.image
  // A token that cannot be used is told before anything is written.
  const way = deleteSource && !dryRun ? await deletionWay(settings, source) : undefined
  const targetWay = await deletionWay(settings, target)
  const promotion = await promote(operation, gated, { source, target, dryRun, deletionWay: targetWay })
  const done = promotion.outcome === "promote" || promotion.outcome === "unchanged"
  if (way === undefined || !done) return promotionFields(promotion, gated)
  const request = { image: source, referrers: true, dryRun: false, deletionWay: way }
  return promotionFields({ ...promotion, deletion: await deleteImage(operation, request) }, gated)
}

function promotionFields(promotion: PromotionResult, gated: GateResult): PromotionFields {
  const files = promotionFiles(promotion, gated)
  const { outcome, digest } = promotion
  const told = { outcome, passed: isPassing(outcome), digest }
  return { summary: files["summary.md"], json: files["result.json"], results: toDirectory(files), ...told }
}

/** A promotion's results as files. */
export function promotionFiles(promotion: PromotionResult, { verdict, assessment, reports }: GateResult) {
  return {
    "result.json": toJson(promotion),
    "verdict.json": toJson(verdict),
    "summary.md": renderPromotion(promotion),
    "assessment.json": toJson(assessment),
    ...reportFiles(assessment, reports),
  } satisfies ResultFiles
}
