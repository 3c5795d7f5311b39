// Some of an image's platforms. The index is rewritten, so this is a new image with a new digest: what signs or
// describes the old index is not carried over; what belongs to the platforms is.
import { allEnded } from "../all-ended.js"
import { CsscError } from "../errors.js"
import { notThere, readManifest } from "../image/read-manifest.js"
import { listAttached } from "../image/subjects.js"
import { describeTombstone, findTombstone } from "../lifecycle/tombstone.js"
import { type Digest, digestOf } from "../oci/digest.js"
import { type IndexManifest, parseManifest } from "../oci/manifest.js"
import { formatPlatform, matchPlatform, parsePlatform, platformOf } from "../oci/platform.js"
import { formatReference, pinnedName } from "../oci/reference.js"
import { copyImage } from "./copy-image.js"
import { copyDigestTags, listDigestTags } from "./digest-tags.js"
import {
  emptyMirrorResult,
  type MirrorJob,
  type MirrorRequest,
  type MirrorResult,
  type MirrorSides,
} from "./mirror-result.js"
import { compareAttached, requireParity } from "./parity.js"

export async function mirrorSubset(job: MirrorJob): Promise<MirrorResult> {
  const { registry, request, sides } = job
  const bytes = await registry.manifest(sides.source)
  if (bytes === undefined) throw notThere(sides.source)
  const whole = parseManifest(bytes, { reference: pinnedName(sides.source), digest: sides.source.digest })
  if (whole.kind === "image") throw refused(sides, "is a single image: it has no platforms to choose from")
  const kept = choose(whole, request, sides)
  const content = filterIndex(bytes, kept)
  const subset = parseManifest(content, { reference: formatReference(request.target), digest: digestOf(content) })
  const base = { ...emptyMirrorResult(job), digest: subset.digest, history: "off" as const }
  const tombstone = await findTombstone(registry, request.target, subset.digest)
  if (tombstone !== undefined) return { ...base, retired: describeTombstone(tombstone) }
  if (request.dryRun) return { ...base, plan: [...kept].map((digest) => `copy ${digest}`) }
  const parts = await allEnded([...kept].map((digest) => copyPart(job, digest)))
  const referrers = {
    source: parts.reduce((sum, part) => sum + part.referrers.source, 0),
    target: parts.reduce((sum, part) => sum + part.referrers.target, 0),
    missing: [],
    extra: parts.flatMap((part) => part.referrers.extra),
  }
  const moved = sides.targetDigest !== subset.digest
  if (moved) await registry.putManifest(sides.target, content, subset.mediaType, request.target.tag)
  const copied = moved || parts.some((part) => part.copied)
  const repaired = parts.flatMap((part) => part.repaired)
  return { ...base, copied, referrers, repaired, digestTags: parts.flatMap((part) => part.digestTags) }
}

async function copyPart({ registry, request, sides }: MirrorJob, digest: Digest) {
  const [source, at] = [
    { ...sides.source, digest },
    { ...sides.target, digest },
  ]
  const manifest = await readManifest(registry, source)
  const attached = request.referrers ? await listAttached(registry, source, manifest) : nothing
  const before = request.referrers ? await listAttached(registry, at, manifest) : nothing
  const present = (await registry.resolve(at)) !== undefined
  const complete = present && !request.force && compareAttached(attached, before).missing.length === 0
  const referrers = request.referrers && attached.lying.length === 0
  const copy = { source, target: sides.target, manifest, referrers, present }
  const repaired = complete ? [] : await copyImage(registry, copy)
  const tags = request.referrers ? await listDigestTags(() => registry.tags(source), manifest) : []
  const digestTags = await copyDigestTags(registry, tags, source, sides.target)
  const after = request.referrers ? await listAttached(registry, at, manifest) : nothing
  const parity = compareAttached(attached, after)
  requireParity(parity, after.absent, source, sides.target)
  return { copied: !complete || digestTags.length > 0, repaired, digestTags, referrers: parity }
}

const nothing = { trees: [], absent: [], lying: [] }

/** The digests of the platforms that are wanted, and of BuildKit's attestations about them. */
function choose(manifest: IndexManifest, { platforms }: MirrorRequest, sides: MirrorSides): ReadonlySet<Digest> {
  const wanted = platforms.map((text) => ({ text, platform: parsePlatform(text) }))
  const missing = wanted.filter(
    ({ platform }) => !manifest.platforms.some((one) => matchPlatform(platform, one.platform)),
  )
  if (missing.length > 0) {
    const has = manifest.platforms.map(({ platform }) => formatPlatform(platform)).join(", ")
    throw refused(sides, `has no ${missing.map(({ text }) => text).join(", ")}: it has ${has}`)
  }
  const kept = manifest.platforms.filter((one) => wanted.some(({ platform }) => matchPlatform(platform, one.platform)))
  const digests = new Set(kept.map(({ descriptor }) => descriptor.digest))
  const about = manifest.attestations.filter(({ subject }) => subject !== undefined && digests.has(subject))
  // What says that it is an artifact for a platform goes with it.
  const beside = manifest.artifacts.filter((entry) => {
    const own = platformOf(entry.platform)
    return own !== undefined && wanted.some(({ platform }) => matchPlatform(platform, own))
  })
  return new Set([
    ...digests,
    ...about.map(({ descriptor }) => descriptor.digest),
    ...beside.map(({ digest }) => digest),
  ])
}

// Everything else of the index stays as it is, so that the same choice always gives the same bytes.
function filterIndex(bytes: string, kept: ReadonlySet<string>): string {
  const index = JSON.parse(bytes) as { manifests: { digest: string }[] }
  return JSON.stringify({ ...index, manifests: index.manifests.filter(({ digest }) => kept.has(digest)) })
}

function refused({ source }: MirrorSides, why: string): CsscError {
  return new CsscError("ARGUMENT_INVALID", `${formatReference(source)} ${why}`)
}
