// What was promoted leaves the quarantine.
import { deleteImage } from "../delete/delete-image.js"
import type { DeletionResult } from "../delete/deletion.js"
import type { Digest } from "../oci/digest.js"
import type { Operation } from "../operation.js"
import type { PromotionResult } from "./promotion-result.js"
import type { QuarantineRequest, TagRun } from "./quarantine-run.js"

// After all promotions, one after the other: what one deletion frees, the next one's plan must see. A digest goes with
// all tags that were promoted, and stays when it has another.
export async function deletePromoted(
  operation: Operation,
  request: QuarantineRequest,
  runs: readonly TagRun[],
): Promise<TagRun[]> {
  const { deletionWay } = request
  const promoted = runs.filter(isPromoted)
  const deletions = new Map<Digest, DeletionResult>()
  for (const digest of new Set(promoted.map(({ promotion }) => promotion.digest))) {
    const [tag = "", ...aliases] = promoted.filter((run) => run.promotion.digest === digest).map((run) => run.tag)
    const image = { ...request.source, tag, digest }
    const deletion = await deleteImage(operation, { image, aliases, referrers: true, dryRun: false, deletionWay })
    for (const name of [tag, ...aliases]) operation.progress(`${name}: source ${deletion.status}`)
    deletions.set(digest, deletion)
  }
  return runs.map((run) => {
    const deletion = isPromoted(run) ? deletions.get(run.promotion.digest) : undefined
    return isPromoted(run) && deletion !== undefined ? { ...run, promotion: { ...run.promotion, deletion } } : run
  })
}

type Promoted = Extract<TagRun, { readonly promotion: PromotionResult }>

function isPromoted(run: TagRun): run is Promoted {
  return "promotion" in run && (run.promotion.outcome === "promote" || run.promotion.outcome === "unchanged")
}
