// Mirror: one image from a registry into quarantine, with everything attached to it, under its own digest. What is
// there already is left alone; what is there only in part is completed; the tag comes last.
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import type { Manifest } from "../oci/manifest.js"
import { formatReference, type PinnedReference, type Reference, type Repository } from "../oci/reference.js"
import { attachProvenance } from "./acquisition.js"
import { copyImage } from "./copy-image.js"
import { copyDigestTags, listDigestTags } from "./digest-tags.js"
import { judgeHistory, recordHistory } from "./history.js"
import { notThere, readManifest } from "./image-graph.js"
import { mirrorSubset } from "./mirror-subset.js"
import { compareAttached, requireParity } from "./parity.js"
import { emptyMirrorResult, type MirrorRequest, type MirrorResult, type MirrorSides } from "./mirror-result.js"
import type { Context, Registry } from "./ports.js"
import { countRequests } from "./request-count.js"
import { type Attached, listAttached } from "./subjects.js"

export async function mirror(registry: Registry, request: MirrorRequest, context: Context): Promise<MirrorResult> {
  const sides = await readSides(registry, request)
  const result = await mirrorSides(registry, request, sides, context)
  return { ...result, requests: countRequests(registry.exchanges, request.source, request.target) }
}

async function mirrorSides(
  registry: Registry,
  request: MirrorRequest,
  sides: MirrorSides,
  context: Context,
): Promise<MirrorResult> {
  if (request.platforms.length > 0) return mirrorSubset(registry, request, sides)
  const equal = sides.targetDigest === sides.source.digest
  if (equal && !request.force && !request.referrers) return emptyMirrorResult(request, sides)
  const bytesAt = equal ? { ...sides.target, digest: sides.source.digest } : sides.source
  const manifest = await readManifest(registry, bytesAt)
  if (equal && !request.force) return refresh(registry, request, sides, manifest)
  return acquire(registry, request, sides, manifest, context)
}

// The same digest on both sides: only what is attached may have changed, or the target may hold only a part of it.
async function refresh(
  registry: Registry,
  request: MirrorRequest,
  sides: MirrorSides,
  manifest: Manifest,
): Promise<MirrorResult> {
  const [attached, present] = await Promise.all([
    listSource(registry, sides, manifest),
    listTarget(registry, sides, manifest),
  ])
  const tags = await listDigestTags(() => registry.tags(sides.source), manifest)
  const parity = compareAttached(attached, present)
  const base = { ...emptyMirrorResult(request, sides), referrers: parity, lying: attached.lying }
  if (request.dryRun)
    return {
      ...base,
      plan: [...present.absent, ...parity.missing.map(({ digest }) => digest)].map((digest) => `copy ${digest}`),
    }
  const digestTagsCopied = await copyDigestTags(registry, tags, sides.source, sides.target)
  if (parity.missing.length === 0 && present.absent.length === 0)
    return { ...base, digestTags: digestTagsCopied, copied: digestTagsCopied.length > 0 }
  const repaired = await copyImage(registry, {
    source: sides.source,
    target: sides.target,
    manifest,
    referrers: attached.lying.length === 0,
    present: true,
  })
  const after = await listTarget(registry, { ...sides, targetTree: undefined }, manifest)
  requireParity(compareAttached(attached, after), after.absent, sides.source, sides.target)
  return {
    ...base,
    copied: true,
    repaired: [...present.absent, ...repaired],
    digestTags: digestTagsCopied,
    referrers: compareAttached(attached, after),
  }
}

async function acquire(
  registry: Registry,
  request: MirrorRequest,
  sides: MirrorSides,
  manifest: Manifest,
  context: Context,
): Promise<MirrorResult> {
  const attached = request.referrers ? await listSource(registry, sides, manifest) : noneAttached
  const history = request.history ? await judgeHistory(registry, request, sides.source, attached) : undefined
  const base = { ...emptyMirrorResult(request, sides), history: history?.state ?? "off", lying: attached.lying }
  if (history?.state === "known" && !request.force) return { ...base, digest: sides.source.digest }
  if (request.dryRun)
    return { ...base, plan: [`copy ${formatReference(sides.source)} to ${formatReference(request.target)}`] }
  const present = (await registry.resolve({ ...bare(sides.target), digest: sides.source.digest })) !== undefined
  const repaired = await copyImage(registry, {
    source: sides.source,
    target: sides.target,
    manifest,
    referrers: request.referrers && attached.lying.length === 0,
    present,
  })
  const digestTags = request.referrers
    ? await copyDigestTags(
        registry,
        await listDigestTags(() => registry.tags(sides.source), manifest),
        sides.source,
        sides.target,
      )
    : []
  const after = request.referrers
    ? await listTarget(registry, { ...sides, targetTree: undefined }, manifest)
    : noneAttached
  requireParity(compareAttached(attached, after), after.absent, sides.source, sides.target)
  const provenance = request.provenance
    ? await attachProvenance(registry, request, sides.source, manifest, context)
    : []
  await moveTag(registry, request, sides)
  if (request.history) await recordHistory(registry, request, sides.source, attached, context)
  return {
    ...base,
    copied: true,
    repaired,
    digestTags,
    provenance,
    referrers: compareAttached(attached, after),
    history: history === undefined ? "off" : history.state === "known" ? "new" : history.state,
  }
}

async function moveTag(
  registry: Registry,
  { target }: MirrorRequest,
  { source, targetDigest }: MirrorSides,
): Promise<void> {
  if (target.tag === undefined || targetDigest === source.digest) return
  await registry.tag({ ...bare(target), digest: source.digest }, target.tag)
}

// With referrers the listing by tag gives the digest as well, which saves a request.
async function readSides(registry: Registry, request: MirrorRequest): Promise<MirrorSides> {
  const [source, target] = await Promise.all([
    readSide(registry, request.source, request),
    readSide(registry, request.target, request),
  ])
  if (source.digest === undefined) throw notThere(request.source)
  return {
    source: { ...request.source, digest: source.digest },
    target: bare(request.target),
    ...(target.digest === undefined ? {} : { targetDigest: target.digest }),
    sourceTree: source.tree,
    targetTree: target.digest === source.digest ? target.tree : undefined,
  }
}

async function readSide(registry: Registry, reference: Reference, { referrers }: MirrorRequest) {
  if (!referrers) return { digest: await registry.resolve(reference), tree: undefined }
  const tree = await registry.referrers(reference)
  return { digest: tree?.subject, tree }
}

function listSource(registry: Registry, { source, sourceTree }: MirrorSides, manifest: Manifest): Promise<Attached> {
  return listAttached(registry, source, manifest, sourceTree === undefined ? [] : [sourceTree])
}

function listTarget(
  registry: Registry,
  { source, target, targetTree }: MirrorSides,
  manifest: Manifest,
): Promise<Attached> {
  const reference: PinnedReference = { ...target, digest: source.digest }
  return listAttached(registry, reference, manifest, targetTree === undefined ? [] : [targetTree])
}

const noneAttached: Attached = { trees: [], absent: [], lying: [] }

function bare({ registry, repository }: Repository): Repository {
  return { registry, repository }
}

/** Refuses requests that cannot be meant; every problem at once. */
export function checkMirrorRequest(request: MirrorRequest): void {
  const problems = [
    ...(request.target.digest === undefined
      ? []
      : ["the target names a digest: it keeps the source's, so give a repository or a tag"]),
    ...(request.platforms.length > 0 && !request.newDigest
      ? [
          "a subset of platforms is another image with another digest, which no signature of the publisher covers: say newDigest if that is meant",
        ]
      : []),
    ...(request.newDigest && request.platforms.length === 0 ? ["newDigest goes with platforms"] : []),
  ]
  if (problems.length > 0) throw new CsscError("ARGUMENT_INVALID", problems.join("; "))
}

export type { Digest }
