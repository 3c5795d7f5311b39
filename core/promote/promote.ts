// Promote: a gated image into the trusted repository. Copy by digest, attach, read everything back, and only then move
// the tag; whatever fails before that leaves the old tag where it was.
import { CsscError } from "../errors.js"
import { bare, pinnedName, repositoryName } from "../oci/reference.js"
import { requireFreshVerdict } from "../policy/verdict/freshness.js"
import { attachProof } from "./attach-proof.js"
import { bringOver } from "./bring-over.js"
import { carryDigestTags } from "./carry-digest-tags.js"
import { readManifest } from "../image/read-manifest.js"
import { movedTo, moveTag } from "./move-tag.js"
import type { Operation } from "../operation.js"
import type { GateResult } from "../gate/gate-result.js"
import { type PromotionRequest, type PromotionResult, promotionResult } from "./promotion-result.js"
import { requireOnlyExpected } from "./read-back.js"
import { selectEvidence } from "./select-evidence.js"
import { listAttached } from "../image/subjects.js"
import { describeTombstone, findTombstone } from "../lifecycle/tombstone.js"

export type PromoteOperation = Pick<Operation, "registry" | "policy" | "trust" | "signer" | "run" | "now">

/** Carries a gate's decision out. A verdict that did not pass, or is too old, writes nothing. */
export async function promote(
  operation: PromoteOperation,
  gated: GateResult,
  request: PromotionRequest,
): Promise<PromotionResult> {
  const { registry } = operation
  const base = promotionResult(gated, request)
  if (!gated.verdict.passed) return base
  requireSound(operation, gated, request)
  const { source, target } = request
  const [before, tombstone] = await Promise.all([
    registry.resolve(target),
    findTombstone(registry, target, source.digest),
  ])
  if (tombstone !== undefined)
    throw new CsscError(
      "IMAGE_RETIRED",
      `${repositoryName(target)}@${source.digest} was ${describeTombstone(tombstone)}`,
    )
  const known = { ...base, ...(before === undefined ? {} : { previousDigest: before }) }
  if (request.dryRun) return { ...known, outcome: "dryrun" }
  const manifest = await readManifest(registry, source)
  const attached = await listAttached(registry, source, manifest)
  const selected = await selectEvidence(operation, source, attached.trees)
  const transfer = { source, target: bare(target), manifest, selected, listed: attached.lying.length === 0, before }
  const { already, copied } = await bringOver(registry, transfer)
  const tags = await carryDigestTags(operation, transfer)
  const evidence = await attachProof(operation, gated, bare(target), already)
  const written = copied || tags.carried.length > 0 || evidence.some(({ existing }) => !existing)
  // Nothing written and no tag to move: what was listed a moment ago is what there is.
  if (written || before !== source.digest) {
    const expected = { already, carried: selected.carried, evidence }
    await requireOnlyExpected(registry, { ...bare(target), digest: source.digest }, manifest, expected)
  }
  const tagged = await moveTag(registry, target, source.digest, before)
  const sourceMovedTo = await movedTo(registry, source)
  return {
    ...known,
    outcome: written || tagged ? "promote" : "unchanged",
    copied,
    tagged,
    evidence,
    carried: selected.carried.map(({ digest, subject, artifactType }) => ({ digest, subject, artifactType })),
    digestTags: tags.carried,
    leftBehind: [...selected.leftBehind, ...tags.leftBehind],
    ...(sourceMovedTo === undefined ? {} : { sourceMovedTo }),
  }
}

// What a promotion relies on without asking a registry.
function requireSound(
  { policy, now }: PromoteOperation,
  { verdict }: GateResult,
  { source, target }: PromotionRequest,
): void {
  requireFreshVerdict(verdict, policy, now())
  if (verdict.image.digest !== source.digest)
    throw new CsscError(
      "VERDICT_UNTRUSTED",
      `the verdict is about ${verdict.image.digest}, not about ${pinnedName(source)}: gate what is to be promoted`,
    )
  // Attachments belong to a repository: whatever was planted in it would be trusted at once.
  if (repositoryName(source) === repositoryName(target))
    throw new CsscError(
      "ARGUMENT_INVALID",
      `${repositoryName(source)} is both source and target: promote into a repository where only promotions write`,
    )
}
