// A digest that the target's tag does not stand for: copied by digest, completed, checked, described, and tagged last.
import type { Attached } from "../image/subjects.js"
import { describeTombstone, findTombstone } from "../lifecycle/tombstone.js"
import type { Digest } from "../oci/digest.js"
import { type Manifest, uniqueDigests } from "../oci/manifest.js"
import { bare, formatReference } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import { attachProvenance } from "./acquisition.js"
import { copyImage } from "./copy-image.js"
import { copyDigestTags, listDigestTags } from "./digest-tags.js"
import { judgeHistory } from "./history.js"
import { emptyMirrorResult, type MirrorJob, type MirrorResult } from "./mirror-result.js"
import { listCopied, listSource, listTarget } from "./mirror-sides.js"
import { compareAttached, requireParity } from "./parity.js"
import { recordHistory } from "./record-history.js"

const nothingAttached: Attached = { trees: [], absent: [], lying: [] }

export async function acquire(job: MirrorJob, manifest: Manifest): Promise<MirrorResult> {
  const { registry, request, sides } = job
  const { source } = sides
  const [attached, history, tombstone] = await Promise.all([
    request.referrers ? listSource(job, manifest) : nothingAttached,
    request.history ? judgeHistory(registry, request, source) : undefined,
    findTombstone(registry, request.target, source.digest),
  ])
  const state = history?.judge(attached) ?? "off"
  const atSource = attached.trees.flatMap((tree) => flattenReferrers(tree)).length
  const referrers = { source: atSource, target: 0, missing: [], extra: [] }
  const base = { ...emptyMirrorResult(job), history: state, lying: attached.lying, referrers }
  if (tombstone !== undefined) return { ...base, retired: describeTombstone(tombstone) }
  if (state === "known" && !request.force) return base
  const plan = [`copy ${formatReference(source)} to ${formatReference(request.target)}`]
  if (request.dryRun) return { ...base, plan }
  const { there, ...copied } = await job.step("copy and compare", () => copyChecked(job, manifest, attached))
  const came = request.referrers && attached.lying.length === 0 ? { attached } : {}
  // Acquired once more, and on purpose, is said once more.
  const known = there === undefined || request.force || state === "rollback" ? {} : { there }
  const provenance = request.provenance
    ? await job.step("attach provenance", () => attachProvenance(job, { source, manifest, ...came, ...known }))
    : []
  await moveTag(job)
  if (history !== undefined) await job.step("write the history", () => recordHistory(job, attached, history.snapshot))
  return { ...base, ...copied, copied: true, provenance, history: state === "known" ? "new" : state }
}

// Everything by digest, and everything that the source lists is at the target afterwards.
async function copyChecked(
  job: MirrorJob,
  manifest: Manifest,
  attached: Attached,
): Promise<Pick<MirrorResult, "repaired" | "digestTags" | "referrers"> & { readonly there?: Attached }> {
  const { registry, request, sides } = job
  const { referrers, force } = request
  const { source, target } = sides
  const present = (await registry.resolve({ ...target, digest: source.digest })) !== undefined
  const recursive = referrers && attached.lying.length === 0
  const repaired = await copyImage(registry, { source, target, manifest, referrers: recursive, present })
  const tags = referrers ? await listDigestTags(() => registry.tags(source), manifest) : []
  const digestTags = await copyDigestTags(registry, tags, source, target)
  const after = referrers ? await listCopied(job, manifest, attached) : nothingAttached
  const parity = compareAttached(attached, after)
  requireParity(parity, after.absent, source, target)
  if (force) await Promise.all(imagesOf(manifest).map((digest) => registry.validate({ ...target, digest })))
  // The image was there without its tag: an earlier run may have stopped after it had said where it came from.
  const there = present && request.provenance ? (referrers ? after : await listTarget(job, manifest)) : undefined
  return { repaired, digestTags, referrers: parity, ...(there === undefined ? {} : { there }) }
}

function imagesOf(manifest: Manifest): readonly Digest[] {
  if (manifest.kind === "index") return uniqueDigests(manifest.platforms)
  return manifest.isImage ? [manifest.digest] : []
}

async function moveTag({ registry, request, sides }: MirrorJob): Promise<void> {
  const { target } = request
  const { source, targetDigest } = sides
  if (target.tag === undefined || targetDigest === source.digest) return
  await registry.tag({ ...bare(target), digest: source.digest }, target.tag)
}
