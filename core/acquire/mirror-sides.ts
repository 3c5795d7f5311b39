// Both ends of a mirror as they are found. Each tag is resolved here, once.
import { relist } from "../image/relist.js"
import { type Attached, listAttached } from "../image/subjects.js"
import type { Manifest } from "../oci/manifest.js"
import { bare, type Reference } from "../oci/reference.js"
import { flattenReferrers, type Referrer } from "../oci/referrers.js"
import type { Registry } from "../ports.js"
import type { MirrorJob, MirrorRequest, MirrorSides } from "./mirror-result.js"
import { compareAttached } from "./parity.js"

/** Undefined when the source is not there. */
export async function readSides(registry: Registry, request: MirrorRequest): Promise<MirrorSides | undefined> {
  const [source, target] = await Promise.all([
    readSide(registry, request.source, request),
    readSide(registry, request.target, request),
  ])
  if (source.digest === undefined) return undefined
  return {
    source: { ...request.source, digest: source.digest },
    target: bare(request.target),
    ...(target.digest === undefined ? {} : { targetDigest: target.digest }),
    sourceTree: source.tree,
    targetTree: target.digest === source.digest ? target.tree : undefined,
  }
}

// With referrers the listing by tag gives the digest as well, which saves a request.
async function readSide(registry: Registry, reference: Reference, { referrers }: MirrorRequest) {
  if (reference.tag === undefined && reference.digest === undefined) return { digest: undefined, tree: undefined }
  if (!referrers) return { digest: await registry.resolve(reference), tree: undefined }
  const tree = await registry.referrers(reference)
  return { digest: tree?.subject, tree }
}

type MirrorReading = Pick<MirrorJob, "registry" | "sides">

export function listSource({ registry, sides }: MirrorReading, manifest: Manifest) {
  const { source, sourceTree } = sides
  return listAttached(registry, source, manifest, sourceTree === undefined ? [] : [sourceTree])
}

/** What the target has of the source's digest, with what was listed before the mirror wrote anything. */
export function listTarget({ registry, sides }: MirrorReading, manifest: Manifest): Promise<Attached> {
  const { source, target, targetTree } = sides
  return listAttached(
    registry,
    { ...target, digest: source.digest },
    manifest,
    targetTree === undefined ? [] : [targetTree],
  )
}

// The same, listed anew.
function listWritten({ registry, sides }: MirrorReading, manifest: Manifest): Promise<Attached> {
  return listTarget({ registry, sides: { ...sides, targetTree: undefined } }, manifest)
}

/** The same after a copy; what is stored but not listed is put back into its listing, and what is not stored is copied. */
export async function listCopied(job: MirrorReading, manifest: Manifest, source: Attached): Promise<Attached> {
  const listed = await listWritten(job, manifest)
  const missing = new Set(compareAttached(source, listed).missing.map(({ subject, digest }) => `${subject} ${digest}`))
  if (missing.size === 0) return listed
  const referrers = source.trees.flatMap((tree) => flattenReferrers(tree))
  const unlisted = referrers.filter(({ subject, digest }) => missing.has(`${subject} ${digest}`))
  await copyMissing(job, unlisted)
  await relist(job.registry, job.sides.target, unlisted)
  return listWritten(job, manifest)
}

// No copy tool follows what is attached to the parts of an attached index. One after the other: registries without a
// referrers API lose entries when two writers meet.
async function copyMissing({ registry, sides }: MirrorReading, referrers: readonly Referrer[]): Promise<void> {
  const { source, target } = sides
  for (const { digest } of referrers)
    if ((await registry.resolve({ ...target, digest })) === undefined)
      await registry.copy({ source: { ...source, digest }, target, referrers: false })
}
