// Promote: a gated image into the trusted repository. Copy by digest, attach, read everything back, and only then move
// the tag; whatever fails before that leaves the old tag where it was.
import { ownTrust } from "../attestation/trust-store.js"
import { CsscError } from "../errors.js"
import { bare, pinnedName, repositoryName } from "../oci/reference.js"
import { requireFreshVerdict } from "../policy/verdict/freshness.js"
import type { Policy } from "../policy/document/policy.js"
import { attachProof } from "./attach-proof.js"
import { bringOver } from "./bring-over.js"
import { carryDigestTags } from "./carry-digest-tags.js"
import { readManifest } from "../image/read-manifest.js"
import { movedTo, moveTag } from "./move-tag.js"
import type { Context, Registry } from "../ports.js"
import type { GateResult } from "../gate/gate-result.js"
import { type PromotionRequest, type PromotionResult, promotionResult } from "./promotion-result.js"
import { requireOnlyExpected } from "./read-back.js"
import { selectEvidence } from "./select-evidence.js"
import { listAttached } from "../image/subjects.js"
import { describeTombstone, findTombstone } from "../lifecycle/tombstone.js"
import { trustOf } from "../trust.js"

/** Carries a gate's decision out. A verdict that did not pass, or is too old, writes nothing. */
export async function promote(
  registry: Registry,
  gate: GateResult,
  request: PromotionRequest,
  policy: Policy,
  context: Context,
): Promise<PromotionResult> {
  const base = promotionResult(gate, request)
  if (!gate.verdict.passed) return base
  requireSound(gate, request, policy, context)
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
  const own = ownTrust(trustOf(policy, context))
  const selected = await selectEvidence(registry, source, attached.trees, policy.evidence.copy, own)
  const cargo = { source, target: bare(target), manifest, selected, listed: attached.lying.length === 0, before }
  const { already, copied } = await bringOver(registry, cargo)
  const tags = await carryDigestTags(registry, source, bare(target), manifest, policy.evidence.copy)
  const evidence = await attachProof(registry, gate, target, already, policy, context)
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
  { verdict }: GateResult,
  { source, target }: PromotionRequest,
  policy: Policy,
  context: Context,
): void {
  requireFreshVerdict(verdict, policy, context.now())
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
