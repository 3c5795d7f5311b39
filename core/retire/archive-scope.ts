// Everything that an archive of an image must hold: its manifests and blobs, what is attached to them, nested, and what
// lies under cosign's tags. Its tombstone need not be there: it comes after the archive and stays in the registry.
import type { TagEntry } from "../delete/deletion-input.js"
import { CsscError } from "../errors.js"
import { readManifest } from "../image/read-manifest.js"
import { listAttached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import { childDigests, type Manifest } from "../oci/manifest.js"
import { bare, pinnedName, type PinnedReference } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import { digestTags, retiredTag } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"
import type { ArchiveRoot } from "./archive-root.js"

export type ArchiveScope = {
  /** The image, and each manifest under one of cosign's tags. */
  readonly roots: readonly ArchiveRoot[]
  readonly manifests: readonly Digest[]
  /** Manifests and blobs. */
  readonly digests: readonly Digest[]
}

/** More manifests than an image with its evidence has. */
export const MAX_ARCHIVE_MANIFESTS = 2000
/** More manifests under cosign's tags than images have: each is copied by a command of its own. */
export const MAX_ARCHIVE_ROOTS = 200

/** `tags` are all tags of the repository. */
export async function archiveScope(
  registry: Registry,
  image: PinnedReference,
  manifest: Manifest,
  tags: readonly TagEntry[],
): Promise<ArchiveScope> {
  const { trees } = await listAttached(registry, image, manifest)
  const tombstone = tags.find(({ tag }) => tag === retiredTag(image.digest))?.digest
  const attached = trees
    .flatMap(flattenReferrers)
    .map(({ digest }) => digest)
    .filter((digest) => digest !== tombstone)
  const own = tags.filter(({ digest }) => digest === image.digest).map(({ tag }) => tag)
  const roots: ArchiveRoot[] = [{ digest: image.digest, tags: own }]
  const read = new Map<Digest, Manifest>([[manifest.digest, manifest]])
  let wanted: readonly Digest[] = [...manifestsIn(manifest), ...attached]
  // What is found may itself list, or be named by a tag: until nothing new turns up.
  for (;;) {
    const named = tagged([...read.keys(), ...wanted], tags).filter(
      ({ digest }) => !roots.some((one) => one.digest === digest),
    )
    roots.push(...named)
    const fresh = [...new Set([...wanted, ...named.map(({ digest }) => digest)])].filter((digest) => !read.has(digest))
    if (fresh.length === 0) break
    if (read.size + fresh.length > MAX_ARCHIVE_MANIFESTS) throw tooMany(image, `${MAX_ARCHIVE_MANIFESTS} manifests`)
    if (roots.length > MAX_ARCHIVE_ROOTS) throw tooMany(image, `${MAX_ARCHIVE_ROOTS} manifests under cosign's tags`)
    const found = await Promise.all(fresh.map((digest) => readManifest(registry, { ...bare(image), digest })))
    for (const one of found) read.set(one.digest, one)
    wanted = found.flatMap(manifestsIn)
  }
  const manifests = [...read.keys()]
  const blobs = [...read.values()].flatMap((one) => [...childDigests(one)])
  return { roots, manifests, digests: [...new Set([...manifests, ...blobs])] }
}

function manifestsIn(manifest: Manifest): Digest[] {
  return manifest.kind === "index" ? [...childDigests(manifest)] : []
}

function tagged(digests: readonly Digest[], tags: readonly TagEntry[]): ArchiveRoot[] {
  const names = new Set(digests.flatMap(digestTags))
  return tags.filter(({ tag }) => names.has(tag)).map(({ tag, digest }) => ({ digest, tags: [tag] }))
}

function tooMany(image: PinnedReference, limit: string): CsscError {
  const what = `${pinnedName(image)} has more than ${limit} with what is attached to it`
  return new CsscError("LIMIT_EXCEEDED", `${what}: look at it before it is archived`)
}
