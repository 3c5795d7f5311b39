// Completes what a target holds only in part. Copy tools stop at a manifest that exists; here its children and blobs
// are looked at, and what is missing is brought over piece by piece.
import { allEnded } from "../all-ended.js"
import { readManifest } from "../image/read-manifest.js"
import type { Digest } from "../oci/digest.js"
import { childDigests, type Manifest } from "../oci/manifest.js"
import type { PinnedReference, Repository } from "../oci/reference.js"
import type { Registry } from "../ports.js"

/** Brings every missing manifest and blob of an image to a target that has its root; returns what was missing. */
export async function completeImage(
  registry: Registry,
  source: PinnedReference,
  target: Repository,
  manifest: Manifest,
): Promise<Digest[]> {
  const found: Found = { manifests: [], blobs: new Set() }
  await walk({ registry, source, target, found }, manifest)
  // Platforms share layers: each is looked for once.
  const blobs = [...found.blobs]
  const present = await Promise.all(blobs.map((digest) => registry.hasBlob(target, digest)))
  const missing = blobs.filter((_, index) => present[index] === false)
  await allEnded(missing.map((digest) => registry.copyBlob(source, target, digest)))
  await allEnded(found.manifests.map((digest) => copyManifest(registry, { ...source, digest }, target)))
  return [...found.manifests, ...missing]
}

/** The manifests that the target lacks, and the blobs of those that it has. */
type Found = { readonly manifests: Digest[]; readonly blobs: Set<Digest> }

type Walk = {
  readonly registry: Registry
  readonly source: PinnedReference
  readonly target: Repository
  readonly found: Found
}

async function walk({ registry, source, target, found }: Walk, manifest: Manifest): Promise<void> {
  const children = [...childDigests(manifest)]
  if (manifest.kind === "image") return children.forEach((digest) => found.blobs.add(digest))
  await Promise.all(
    children.map(async (digest) => {
      const at = { registry: target.registry, repository: target.repository, digest }
      if ((await registry.resolve(at)) === undefined) return void found.manifests.push(digest)
      const child = { ...source, digest }
      await walk({ registry, source: child, target, found }, await readManifest(registry, child))
    }),
  )
}

function copyManifest(registry: Registry, source: PinnedReference, target: Repository): Promise<void> {
  return registry.copy({ source, target, referrers: false })
}
