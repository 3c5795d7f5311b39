// The daily job: every tag of the quarantine gated and promoted, side by side. One bad tag never stops the others; each
// ends in one outcome with a reason.
import pLimit from "p-limit"
import { CsscError } from "../errors.js"
import type { ScanMethod } from "../findings/assessment.js"
import { type TagSelection, selectTags } from "../oci/tags.js"
import { type Repository, repositoryName } from "../oci/reference.js"
import type { Policy } from "../policy/document/policy.js"
import { deleteImage, type DeletionWay } from "../delete/delete-image.js"
import { gate } from "../gate/gate.js"
import { pin } from "../image/image-graph.js"
import type { VexFile } from "../assess/find-vex.js"
import type { Context } from "../ports.js"
import type { AssessPorts } from "../assess/scan-request.js"
import { promote } from "./promote.js"
import type { GateResult } from "../gate/gate-result.js"
import type { PromotionResult } from "./promotion-result.js"
import type { DeletionResult } from "../delete/deletion.js"

export type QuarantineRequest = {
  readonly source: Repository
  readonly target: Repository
  readonly tags: TagSelection
  readonly method: ScanMethod
  readonly predicateType: string
  readonly deleteSource: boolean
  readonly dryRun: boolean
  readonly vex?: readonly VexFile[]
}

/** One tag's end: a promotion that may have happened, or why nothing could be decided. */
export type TagRun = { readonly tag: string } & (
  { readonly promotion: PromotionResult; readonly gate: GateResult } | { readonly error: string }
)

/** Tags under way at once: their requests share execs, so more would only take memory. */
export const TAGS_AT_ONCE = 16

type Ports = AssessPorts & { readonly progress: (line: string) => void }

export async function promoteQuarantine(
  ports: Ports,
  request: QuarantineRequest,
  policy: Policy,
  context: Context,
  way: DeletionWay,
): Promise<{ tags: readonly TagRun[]; emptyReason?: string }> {
  const listed = await ports.registry.tags(request.source)
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
  const runs = await Promise.all(tags.map((tag) => limit(() => runTag(ports, request, policy, context, tag))))
  return { tags: request.deleteSource && !request.dryRun ? await deletePromoted(ports, request, runs, way) : runs }
}

async function runTag(
  ports: Ports,
  request: QuarantineRequest,
  policy: Policy,
  context: Context,
  tag: string,
): Promise<TagRun> {
  try {
    const image = await pin(ports.registry, { ...request.source, tag })
    const gated = await gate(
      ports,
      {
        image,
        method: request.method,
        predicateType: request.predicateType,
        baseline: { ...request.target, tag },
        ...(request.vex === undefined ? {} : { vex: request.vex }),
      },
      policy,
      context,
    )
    const promotion = await promote(
      ports.registry,
      gated,
      { source: image, target: { ...request.target, tag }, dryRun: request.dryRun },
      policy,
      context,
    )
    ports.progress(`${tag}: ${promotion.outcome}`)
    return { tag, promotion, gate: gated }
  } catch (error) {
    const told = error instanceof CsscError ? error.message : `[TOOL_FAILED] ${String(error)}`
    ports.progress(`${tag}: failed: ${told}`)
    return { tag, error: told }
  }
}

// After all promotions, one after the other: what one deletion frees, the next one's plan must see.
async function deletePromoted(
  ports: Ports,
  request: QuarantineRequest,
  runs: readonly TagRun[],
  way: DeletionWay,
): Promise<TagRun[]> {
  const done: TagRun[] = []
  for (const run of runs) {
    const promoted =
      "promotion" in run && (run.promotion.outcome === "promote" || run.promotion.outcome === "unchanged")
    if (!promoted) {
      done.push(run)
      continue
    }
    const deletion: DeletionResult = await deleteImage(
      ports.registry,
      { image: { ...request.source, tag: run.tag, digest: run.promotion.digest }, referrers: true, dryRun: false },
      way,
    )
    ports.progress(`${run.tag}: source ${deletion.status}`)
    done.push({ ...run, promotion: { ...run.promotion, deletion } })
  }
  return done
}
