// The daily job: every tag of the quarantine gated and promoted, side by side. One bad tag never stops the others; each
// ends in one outcome with a reason.
import pLimit from "p-limit"
import { CsscError } from "../errors.js"
import type { ScanMethod } from "../findings/assessment.js"
import { type TagSelection, selectTags } from "../oci/tags.js"
import { type Repository, repositoryName } from "../oci/reference.js"
import { deleteImage, type DeletionWay } from "../delete/delete-image.js"
import { gate } from "../gate/gate.js"
import { pin } from "../image/image-graph.js"
import type { VexFile } from "../assess/find-vex.js"
import type { Operation } from "../operation.js"
import { promote } from "./promote.js"
import type { GateResult } from "../gate/gate-result.js"
import type { PromotionResult } from "./promotion-result.js"

export type QuarantineRequest = {
  readonly source: Repository
  readonly target: Repository
  readonly tags: TagSelection
  readonly method: ScanMethod
  readonly predicateType: string
  readonly deleteSource: boolean
  /** How the source's registry deletes. */
  readonly deletionWay: DeletionWay
  readonly dryRun: boolean
  readonly vex?: readonly VexFile[]
}

/** One tag's end: a promotion that may have happened, or why nothing could be decided. */
export type TagRun = { readonly tag: string } & (
  { readonly promotion: PromotionResult; readonly gate: GateResult } | { readonly error: string }
)

/** Tags under way at once: their requests share execs, so more would only take memory. */
export const TAGS_AT_ONCE = 16

export async function promoteQuarantine(
  operation: Operation,
  request: QuarantineRequest,
): Promise<{ tags: readonly TagRun[]; emptyReason?: string }> {
  const listed = await operation.registry.tags(request.source)
  if (listed === undefined)
    return {
      tags: [],
      emptyReason: `${repositoryName(request.source)} does not exist, or may not be seen without credentials`,
    }
  const tags = selectTags(listed, request.tags)
  if (tags.length === 0)
    return {
      tags: [],
      emptyReason: `none of the ${listed.length} tags of ${repositoryName(request.source)} is an image tag that was asked for`,
    }
  const limit = pLimit(TAGS_AT_ONCE)
  const runs = await Promise.all(tags.map((tag) => limit(() => runTag(operation, request, tag))))
  return { tags: request.deleteSource && !request.dryRun ? await deletePromoted(operation, request, runs) : runs }
}

async function runTag(operation: Operation, request: QuarantineRequest, tag: string): Promise<TagRun> {
  try {
    const image = await pin(operation.registry, { ...request.source, tag })
    const gated = await gate(operation, {
      image,
      method: request.method,
      predicateType: request.predicateType,
      baseline: { ...request.target, tag },
      ...(request.vex === undefined ? {} : { vex: request.vex }),
    })
    const target = { ...request.target, tag }
    const promotion = await promote(operation, gated, { source: image, target, dryRun: request.dryRun })
    operation.progress(`${tag}: ${promotion.outcome}`)
    return { tag, promotion, gate: gated }
  } catch (error) {
    const told = error instanceof CsscError ? error.message : `[TOOL_FAILED] ${String(error)}`
    operation.progress(`${tag}: failed: ${told}`)
    return { tag, error: told }
  }
}

// After all promotions, one after the other: what one deletion frees, the next one's plan must see.
async function deletePromoted(
  operation: Operation,
  request: QuarantineRequest,
  runs: readonly TagRun[],
): Promise<TagRun[]> {
  const done: TagRun[] = []
  for (const run of runs) {
    const promoted =
      "promotion" in run && (run.promotion.outcome === "promote" || run.promotion.outcome === "unchanged")
    if (!promoted) {
      done.push(run)
      continue
    }
    const image = { ...request.source, tag: run.tag, digest: run.promotion.digest }
    const { deletionWay } = request
    const deletion = await deleteImage(operation, { image, referrers: true, dryRun: false, deletionWay })
    operation.progress(`${run.tag}: source ${deletion.status}`)
    done.push({ ...run, promotion: { ...run.promotion, deletion } })
  }
  return done
}
