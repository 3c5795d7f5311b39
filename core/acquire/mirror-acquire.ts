// A digest that the target's tag does not stand for: copied by digest, completed, checked, described, and tagged last.
import type { Digest } from "../oci/digest.js"
import { type Manifest, uniqueDigests } from "../oci/manifest.js"
import { bare, formatReference } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import { attachProvenance } from "./acquisition.js"
import { copyImage } from "./copy-image.js"
import { copyDigestTags, listDigestTags } from "./digest-tags.js"
import { judgeHistory } from "./history.js"
import { emptyMirrorResult, type MirrorRequest, type MirrorResult, type MirrorSides } from "./mirror-result.js"
import { listSource, listCopied } from "./mirror-sides.js"
import { compareAttached, requireParity } from "./parity.js"
import type { Context, Registry } from "../ports.js"
import { recordHistory } from "./record-history.js"
import type { Attached } from "../image/subjects.js"
import { describeTombstone, findTombstone } from "../lifecycle/tombstone.js"

const nothingAttached: Attached = { trees: [], absent: [], lying: [] }

export async function acquire(
  registry: Registry,
  request: MirrorRequest,
  sides: MirrorSides,
  manifest: Manifest,
  context: Context,
): Promise<MirrorResult> {
  const { source } = sides
  const [attached, history, tombstone] = await Promise.all([
    request.referrers ? listSource(registry, sides, manifest) : nothingAttached,
    request.history ? judgeHistory(registry, request, source) : undefined,
    findTombstone(registry, request.target, source.digest),
  ])
  const state = history?.judge(attached) ?? "off"
  const atSource = attached.trees.flatMap((tree) => flattenReferrers(tree)).length
  const referrers = { source: atSource, target: 0, missing: [], extra: [] }
  const base = { ...emptyMirrorResult(request, sides), history: state, lying: attached.lying, referrers }
  if (tombstone !== undefined) return { ...base, retired: describeTombstone(tombstone) }
  if (state === "known" && !request.force) return base
  const plan = [`copy ${formatReference(source)} to ${formatReference(request.target)}`]
  if (request.dryRun) return { ...base, plan }
  const copied = await copyChecked(registry, request, sides, manifest, attached)
  const withReferrers = request.referrers && attached.lying.length === 0
  const provenance = request.provenance
    ? await attachProvenance(registry, request, source, manifest, withReferrers, context)
    : []
  await moveTag(registry, request, sides)
  if (history !== undefined) await recordHistory(registry, request, source, attached, context, history.snapshot)
  return { ...base, ...copied, copied: true, provenance, history: state === "known" ? "new" : state }
}

// Everything by digest, and everything that the source lists is at the target afterwards.
async function copyChecked(
  registry: Registry,
  { referrers, force }: MirrorRequest,
  sides: MirrorSides,
  manifest: Manifest,
  attached: Attached,
): Promise<Pick<MirrorResult, "repaired" | "digestTags" | "referrers">> {
  const { source, target } = sides
  const present = (await registry.resolve({ ...target, digest: source.digest })) !== undefined
  const recursive = referrers && attached.lying.length === 0
  const repaired = await copyImage(registry, { source, target, manifest, referrers: recursive, present })
  const tags = referrers ? await listDigestTags(() => registry.tags(source), manifest) : []
  const digestTags = await copyDigestTags(registry, tags, source, target)
  const after = referrers ? await listCopied(registry, sides, manifest, attached) : nothingAttached
  const parity = compareAttached(attached, after)
  requireParity(parity, after.absent, source, target)
  if (force) await Promise.all(imagesOf(manifest).map((digest) => registry.validate({ ...target, digest })))
  return { repaired, digestTags, referrers: parity }
}

function imagesOf(manifest: Manifest): readonly Digest[] {
  if (manifest.kind === "index") return uniqueDigests(manifest.platforms)
  return manifest.isImage ? [manifest.digest] : []
}

async function moveTag(
  registry: Registry,
  { target }: MirrorRequest,
  { source, targetDigest }: MirrorSides,
): Promise<void> {
  if (target.tag === undefined || targetDigest === source.digest) return
  await registry.tag({ ...bare(target), digest: source.digest }, target.tag)
}
