// One image in the trusted repository, whole and described, before any tag points there.
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import type { GateResult } from "../gate/gate-result.js"
import { readManifest } from "../image/read-manifest.js"
import { type Attached, listAttached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import type { PinnedReference, Repository } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { attachProof } from "./attach-proof.js"
import { bringOver } from "./bring-over.js"
import { carryDigestTags } from "./carry-digest-tags.js"
import type { PromotionResult } from "./promotion-result.js"
import { requireOnlyExpected } from "./read-back.js"
import { selectEvidence } from "./select-evidence.js"

export type PromoteOperation = Pick<Operation, "registry" | "policy" | "trust" | "signer" | "run" | "now" | "step">

export type ImagePromotion = {
  readonly source: PinnedReference
  readonly target: Repository
  /** What the tags that it gets stand for until then. */
  readonly before: readonly (Digest | undefined)[]
}

export type PromotedImage = {
  readonly target: Repository
  /** What was attached at the target before. */
  readonly already: Attached
  readonly evidence: readonly AttachedEvidence[]
  /** Something came or was attached. */
  readonly written: boolean
  /** What each tag's result tells. */
  readonly told: Pick<PromotionResult, "copied" | "evidence" | "carried" | "digestTags" | "leftBehind">
}

export async function promoteImage(
  operation: PromoteOperation,
  gated: GateResult,
  { source, target, before }: ImagePromotion,
): Promise<PromotedImage> {
  const { registry, step } = operation
  const manifest = await readManifest(registry, source)
  const { attached, selected } = await step("choose what comes along", async () => {
    const found = await listAttached(registry, source, manifest)
    return { attached: found, selected: await selectEvidence(operation, source, found) }
  })
  const [present, settled] = [before.includes(source.digest), before.every((digest) => digest === source.digest)]
  // No copy tool follows what is attached to the parts of an attached index.
  const listed = attached.lying.length === 0 && attached.partOf === undefined
  const transfer = { source, target, manifest, selected, listed, present, settled }
  const { already, copied } = await step("copy without a tag", () => bringOver(registry, transfer))
  const tags = await carryDigestTags(operation, transfer)
  const evidence = await step("attach the proof", () => attachProof(operation, gated, target, already))
  const written = copied || tags.carried.length > 0 || evidence.some(({ existing }) => !existing)
  // Nothing written and no tag to move: what was listed a moment ago is what there is.
  if (written || !settled) {
    const { signer } = operation
    const expected = { already, carried: selected.carried, evidence, ...(signer === undefined ? {} : { signer }) }
    const at = { ...target, digest: source.digest }
    await step("read everything back", () => requireOnlyExpected(registry, at, manifest, expected))
  }
  const carried = selected.carried.map(({ digest, subject, artifactType }) => ({ digest, subject, artifactType }))
  const leftBehind = [...selected.leftBehind, ...tags.leftBehind]
  const told = { copied, evidence, carried, digestTags: tags.carried, leftBehind }
  return { target, already, evidence, written, told }
}
