// Promote: a gated image into the trusted repository. Copy by digest, attach, read everything back, and only then move
// the tags; whatever fails before that leaves the old tags where they were.
import { CsscError, readFailure } from "../errors.js"
import type { GateResult } from "../gate/gate-result.js"
import { readManifest } from "../image/read-manifest.js"
import { listAttached } from "../image/subjects.js"
import { describeTombstone, findTombstone } from "../lifecycle/tombstone.js"
import { bare, repositoryName } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { attachProof } from "./attach-proof.js"
import { bringOver } from "./bring-over.js"
import { carryDigestTags } from "./carry-digest-tags.js"
import { movedTo, moveTag } from "./move-tag.js"
import { type PromotionRequest, type PromotionResult, promotionResult } from "./promotion-result.js"
import { pruneEvidence } from "./prune-evidence.js"
import { requireOnlyExpected } from "./read-back.js"
import { requireSound } from "./require-sound.js"
import { selectEvidence } from "./select-evidence.js"

export type PromoteOperation = Pick<Operation, "registry" | "policy" | "trust" | "signer" | "run" | "now">

/** Carries a gate's decision out. A verdict that did not pass, or is too old, writes nothing. */
export async function promote(
  operation: PromoteOperation,
  gated: GateResult,
  request: PromotionRequest,
): Promise<PromotionResult> {
  const [promotion] = await promoteTogether(operation, gated, [request])
  if (promotion === undefined) throw new CsscError("ARGUMENT_INVALID", "there is no tag to promote to")
  if (promotion.failure !== undefined) throw promotion.failure
  return promotion.result
}

/** One tag's end; with a failure, the tag was not moved. */
export type TagPromotion = { readonly result: PromotionResult; readonly failure?: CsscError }

/**
 * Promotes one image under several tags of one repository: it is brought over and described once, then every tag moves by
 * itself. All requests are about the digest that was judged.
 */
export async function promoteTogether(
  operation: PromoteOperation,
  gated: GateResult,
  requests: readonly PromotionRequest[],
): Promise<readonly TagPromotion[]> {
  const { registry } = operation
  const bases = requests.map((request) => promotionResult(gated, request))
  const [first] = requests
  if (first === undefined || !gated.verdict.passed) return bases.map((result) => ({ result }))
  for (const request of requests) requireSound(operation, gated, request)
  const { source } = first
  const target = bare(first.target)
  const [before, tombstone] = await Promise.all([
    Promise.all(requests.map((request) => registry.resolve(request.target))),
    findTombstone(registry, target, source.digest),
  ])
  if (tombstone !== undefined)
    throw new CsscError(
      "IMAGE_RETIRED",
      `${repositoryName(target)}@${source.digest} was ${describeTombstone(tombstone)}`,
    )
  const known = bases.map((base, at) => ({ ...base, ...previously(before[at]) }))
  if (first.dryRun) return known.map((result) => ({ result: { ...result, outcome: "dryrun" } }))
  const manifest = await readManifest(registry, source)
  const attached = await listAttached(registry, source, manifest)
  const selected = await selectEvidence(operation, source, attached)
  const [present, settled] = [before.includes(source.digest), before.every((digest) => digest === source.digest)]
  // No copy tool follows what is attached to the parts of an attached index.
  const listed = attached.lying.length === 0 && attached.partOf === undefined
  const transfer = { source, target, manifest, selected, listed, present, settled }
  const { already, copied } = await bringOver(registry, transfer)
  const tags = await carryDigestTags(operation, transfer)
  const evidence = await attachProof(operation, gated, target, already)
  const written = copied || tags.carried.length > 0 || evidence.some(({ existing }) => !existing)
  // Nothing written and no tag to move: what was listed a moment ago is what there is.
  if (written || !settled) {
    const expected = { already, carried: selected.carried, evidence }
    await requireOnlyExpected(registry, { ...target, digest: source.digest }, manifest, expected)
  }
  const done = {
    copied,
    evidence,
    carried: selected.carried.map(({ digest, subject, artifactType }) => ({ digest, subject, artifactType })),
    digestTags: tags.carried,
    leftBehind: [...selected.leftBehind, ...tags.leftBehind],
  }
  const promotions: TagPromotion[] = []
  for (const [at, request] of requests.entries())
    promotions.push(
      await moveOne(operation, request, { ...(known[at] ?? promotionResult(gated, request)), ...done }, written),
    )
  const pruned = await pruneEvidence(operation, { target, already, evidence, deletionWay: first.deletionWay })
  return promotions.map((one) => (pruned === undefined ? one : { ...one, result: { ...one.result, pruned } }))
}

async function moveOne(
  { registry }: PromoteOperation,
  { source, target }: PromotionRequest,
  result: PromotionResult,
  written: boolean,
): Promise<TagPromotion> {
  try {
    const tagged = await moveTag(registry, target, source.digest, result.previousDigest)
    const sourceMovedTo = await movedTo(registry, source)
    const outcome = written || tagged ? "promote" : "unchanged"
    return { result: { ...result, outcome, tagged, ...(sourceMovedTo === undefined ? {} : { sourceMovedTo }) } }
  } catch (error) {
    const failure = readFailure(error)
    return { result: { ...result, outcome: "failed", error: failure.message }, failure }
  }
}

function previously(digest: PromotionResult["previousDigest"]): Pick<PromotionResult, "previousDigest"> {
  return digest === undefined ? {} : { previousDigest: digest }
}
