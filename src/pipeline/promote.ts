// Promote: a gated image into the trusted repository. Copy by digest, attach, read everything back, and only then move
// the tag; whatever fails before that leaves the old tag where it was.
import { CsscError } from "../errors.js"
import {
  formatReference,
  pinnedName,
  type PinnedReference,
  type Reference,
  type Repository,
  repositoryName,
} from "../oci/reference.js"
import { requireFreshVerdict } from "../policy/freshness.js"
import type { Policy } from "../policy/policy.js"
import { copyImage } from "./copy-image.js"
import { attachEvidence } from "./attach-evidence.js"
import { readManifest } from "./image-graph.js"
import type { Context, Registry } from "./ports.js"
import { buildEvidence, type GateResult } from "./promotion-evidence.js"
import { type PromotionRequest, type PromotionResult, promotionResult } from "./promotion-result.js"
import { requireNothingPlanted, requireOnlyExpected } from "./read-back.js"
import { type SelectedEvidence, selectEvidence } from "./select-evidence.js"
import { type Attached, listAttached } from "./subjects.js"
import type { Manifest } from "../oci/manifest.js"

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
  const before = await registry.resolve(target)
  const known = { ...base, ...(before === undefined ? {} : { previousDigest: before }) }
  if (request.dryRun) return { ...known, outcome: "dryrun" }
  const manifest = await readManifest(registry, source)
  const attached = await listAttached(registry, source, manifest)
  const selected = await selectEvidence(registry, source, attached.trees, policy.evidence.copy)
  const { already, copied } = await bringOver(registry, request, manifest, attached, selected, before)
  const evidence = await attachEvidence(registry, request.target, buildEvidence(gate, target, context), already)
  const written = copied || evidence.some(({ existing }) => !existing)
  // Nothing written and no tag to move: what was listed a moment ago is what there is.
  if (written || before !== source.digest)
    await requireOnlyExpected(registry, { ...bare(target), digest: source.digest }, manifest, {
      already,
      carried: selected.carried,
      evidence,
    })
  const tagged = await moveTag(registry, request, before)
  const sourceMovedTo = await movedTo(registry, source)
  const changed = written || tagged
  return {
    ...known,
    outcome: changed ? "promote" : "unchanged",
    copied,
    tagged,
    evidence,
    carried: selected.carried.map(({ digest, subject, artifactType }) => ({ digest, subject, artifactType })),
    leftBehind: selected.leftBehind,
    ...(sourceMovedTo === undefined ? {} : { sourceMovedTo }),
  }
}

type Brought = { readonly already: Attached; readonly copied: boolean }

// With nothing to leave behind, one command carries image and attachments; else each attachment comes by itself.
async function bringOver(
  registry: Registry,
  { source, target }: PromotionRequest,
  manifest: Manifest,
  attached: Attached,
  selected: SelectedEvidence,
  before: string | undefined,
): Promise<Brought> {
  const to = bare(target)
  const present = before === source.digest || (await registry.resolve({ ...to, digest: source.digest })) !== undefined
  const already = present
    ? await listAttached(registry, { ...to, digest: source.digest }, manifest)
    : { trees: [], absent: [], lying: [] }
  if (before !== source.digest) requireNothingPlanted({ ...to, digest: source.digest }, already, selected.leftBehind)
  const there = new Set(
    already.trees.flatMap((tree) => tree.referrers).map(({ subject, digest }) => `${subject} ${digest}`),
  )
  const missing = selected.carried.filter(({ subject, digest }) => !there.has(`${subject} ${digest}`))
  const whole = selected.leftBehind.length === 0 && attached.lying.length === 0
  const repaired = await copyImage(registry, {
    source,
    target: to,
    manifest,
    referrers: whole && missing.length > 0,
    present,
  })
  // One after the other: registries without a referrers API lose entries when two writers meet.
  if (!whole)
    for (const { digest } of missing)
      await registry.copy({ source: { ...source, digest }, target: to, referrers: false })
  return { already, copied: !present || missing.length > 0 || repaired.length > 0 }
}

async function moveTag(
  registry: Registry,
  { source, target }: PromotionRequest,
  before: string | undefined,
): Promise<boolean> {
  const now = await registry.resolve(target)
  if (now !== before)
    throw new CsscError(
      "TAG_MOVED",
      `${formatReference(target)} moved from ${before ?? "nothing"} to ${now ?? "nothing"} while ${pinnedName(source)} was being promoted: another promotion was faster; run it again`,
    )
  if (now === source.digest || target.tag === undefined) return false
  await registry.tag({ ...bare(target), digest: source.digest }, target.tag)
  const after = await registry.resolve(target)
  if (after === source.digest) return true
  throw new CsscError(
    "TAG_MOVED",
    `${formatReference(target)} is ${after ?? "not there"} right after it was set to ${source.digest}: another promotion was faster; run it again`,
  )
}

// Told, not fatal: what was judged is what was promoted, wherever its tag points now.
async function movedTo(registry: Registry, source: PinnedReference): Promise<string | undefined> {
  if (source.tag === undefined) return undefined
  const now = await registry.resolve({ ...bare(source), tag: source.tag })
  return now === source.digest ? undefined : (now ?? "nothing")
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

function bare({ registry, repository }: Reference): Repository {
  return { registry, repository }
}
