// Promote: a gated image into the trusted repository. Copy by digest, attach, read everything back, and only then move
// the tags; whatever fails before that leaves the old tags where they were.
import { CsscError, readFailure } from "../errors.js"
import type { GateResult } from "../gate/gate-result.js"
import { describeTombstone, findTombstone } from "../lifecycle/tombstone.js"
import type { Digest } from "../oci/digest.js"
import { bare, calledName, repositoryName } from "../oci/reference.js"
import { movedTo, moveTag } from "./move-tag.js"
import { promoteImage, type PromoteOperation } from "./promote-image.js"
import { type PromotionRequest, type PromotionResult, promotionResult } from "./promotion-result.js"
import { pruneEvidence } from "./prune-evidence.js"
import { requireSound } from "./require-sound.js"

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
  const bases = requests.map((request) => promotionResult(gated, request))
  const [first] = requests
  if (first === undefined || !gated.verdict.passed) return bases.map((result) => ({ result }))
  for (const request of requests) requireSound(operation, gated, request)
  const before = await readTarget(operation, first, requests)
  const known = bases.map((base, at) => ({ ...base, ...previously(before[at]) }))
  if (first.dryRun) return known.map((result) => ({ result: { ...result, outcome: "dryrun" } }))
  const { source } = first
  const promoted = await promoteImage(operation, gated, { source, target: bare(first.target), before })
  const tags: TagPromotion[] = []
  for (const [at, request] of requests.entries()) {
    const result = { ...(known[at] ?? promotionResult(gated, request)), ...promoted.told }
    const name = `promote ${calledName(request.source)} to ${calledName(request.target)}`
    const move = () => moveOne(operation, request, result, promoted.written)
    tags.push(await operation.step("move the tag", move, (one) => `${name}: ${wordOf(one.result.outcome)}`))
  }
  const pruned = await pruneEvidence(operation, { ...promoted, ...optional("deletionWay", first.deletionWay) })
  return tags.map((one) => (pruned === undefined ? one : { ...one, result: { ...one.result, pruned } }))
}

/** What the target's tags stand for; throws `IMAGE_RETIRED`. */
async function readTarget(
  { registry }: PromoteOperation,
  { source, target }: PromotionRequest,
  requests: readonly PromotionRequest[],
): Promise<readonly (Digest | undefined)[]> {
  const [before, tombstone] = await Promise.all([
    Promise.all(requests.map((request) => registry.resolve(request.target))),
    findTombstone(registry, bare(target), source.digest),
  ])
  if (tombstone !== undefined)
    throw new CsscError(
      "IMAGE_RETIRED",
      `${repositoryName(target)}@${source.digest} was ${describeTombstone(tombstone)}`,
    )
  return before
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
    return { result: { ...result, outcome, tagged, ...optional("sourceMovedTo", sourceMovedTo) } }
  } catch (error) {
    const failure = readFailure(error)
    return { result: { ...result, outcome: "failed", error: failure.message }, failure }
  }
}

function previously(digest: Digest | undefined): Pick<PromotionResult, "previousDigest"> {
  return optional("previousDigest", digest)
}

function optional<K extends string, T>(key: K, value: T | undefined): Readonly<Partial<Record<K, T>>> {
  return (value === undefined ? {} : { [key]: value }) as Readonly<Partial<Record<K, T>>>
}

function wordOf(outcome: PromotionResult["outcome"]): string {
  return outcome === "promote" ? "promoted" : outcome
}
