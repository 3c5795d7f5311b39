// Brings an image and the attachments that may come along into the target, by digest: no tag points there yet.
import { completeImage } from "../acquire/complete.js"
import { type Attached, listAttached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import type { Manifest } from "../oci/manifest.js"
import type { PinnedReference, Repository } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import type { Registry } from "../ports.js"
import { requireNothingPlanted } from "./read-back.js"
import type { SelectedEvidence } from "./select-evidence.js"

/** An image on its way into the trusted repository. */
export type ImageTransfer = {
  readonly source: PinnedReference
  readonly target: Repository
  readonly manifest: Manifest
  readonly selected: SelectedEvidence
  /** The source's listings are usable: else only single attachments may be copied. */
  readonly listed: boolean
  /** The image is at the target: a tag stands for it. */
  readonly present: boolean
  /** All of the target's tags that are promoted stand for it already. */
  readonly settled: boolean
}

export type Transferred = {
  /** What the target had attached before we came. */
  readonly already: Attached
  readonly copied: boolean
}

const nothing: Attached = { trees: [], absent: [], lying: [] }

/** With nothing to leave behind, one command carries image and attachments; else each attachment comes by itself. */
export async function bringOver(registry: Registry, transfer: ImageTransfer): Promise<Transferred> {
  const { source, target, selected, listed } = transfer
  const { present, already, repaired } = await inspectTarget(registry, transfer)
  const there = new Set(already.trees.flatMap(flattenReferrers).map(keyOf))
  const missing = selected.carried.filter((one) => !there.has(keyOf(one)))
  const whole = listed && selected.leftBehind.length === 0
  const referrers = whole && missing.length > 0
  const attached = missing.map(({ digest }) => digest)
  if (!present || referrers) await registry.copy({ source, target, referrers, attached })
  // One after the other: registries without a referrers API lose entries when two writers meet.
  if (!whole)
    for (const { digest } of missing) await registry.copy({ source: { ...source, digest }, target, referrers: false })
  return { already, copied: !present || missing.length > 0 || repaired.length > 0 }
}

type Found = Pick<Transferred, "already"> & { readonly present: boolean; readonly repaired: readonly Digest[] }

async function inspectTarget(registry: Registry, transfer: ImageTransfer): Promise<Found> {
  const { source, target, manifest, selected, settled } = transfer
  const image = { ...target, digest: source.digest }
  const present = transfer.present || (await registry.resolve(image)) !== undefined
  if (!present) return { present, already: nothing, repaired: [] }
  const found = await listAttached(registry, image, manifest)
  if (!settled) requireNothingPlanted(image, found, selected.leftBehind)
  const repaired = await completeImage(registry, source, target, manifest)
  // What belongs to a platform that was not there shows only now.
  const already = found.absent.length === 0 ? found : await listAttached(registry, image, manifest, found.trees)
  return { present, already, repaired }
}

function keyOf({ subject, digest }: { readonly subject: Digest; readonly digest: Digest }): string {
  return `${subject} ${digest}`
}
