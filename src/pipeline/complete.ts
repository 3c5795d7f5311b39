// Completes what a target holds only in part. Copy tools stop at a manifest that exists; here its children and blobs
// are looked at, and what is missing is brought over piece by piece.
import type { Digest } from "../oci/digest.js"
import { childDigests, type Manifest } from "../oci/manifest.js"
import type { PinnedReference, Repository } from "../oci/reference.js"
import { readManifest } from "./image-graph.js"
import type { Registry } from "./ports.js"

/** Brings every missing manifest and blob of an image to a target that has its root; returns what was missing. */
export async function completeImage(
  registry: Registry,
  source: PinnedReference,
  target: Repository,
  manifest: Manifest,
): Promise<Digest[]> {
  if (manifest.kind === "image") return completeBlobs(registry, source, target, manifest)
  const children = [...manifest.platforms, ...manifest.attestations].map(({ descriptor }) => descriptor.digest)
  const digests = [...new Set([...children, ...manifest.others.map(({ digest }) => digest)])]
  const repaired = await Promise.all(digests.map((digest) => completeChild(registry, { ...source, digest }, target)))
  return repaired.flat()
}

async function completeChild(registry: Registry, source: PinnedReference, target: Repository): Promise<Digest[]> {
  const present = await registry.resolve({
    registry: target.registry,
    repository: target.repository,
    digest: source.digest,
  })
  if (present !== undefined) return completeImage(registry, source, target, await readManifest(registry, source))
  await registry.copy({ source, target, referrers: false })
  return [source.digest]
}

async function completeBlobs(
  registry: Registry,
  source: Repository,
  target: Repository,
  manifest: Manifest,
): Promise<Digest[]> {
  const digests = [...childDigests(manifest)]
  const present = await Promise.all(digests.map((digest) => registry.hasBlob(target, digest)))
  const missing = digests.filter((_, index) => present[index] === false)
  await Promise.all(missing.map((digest) => registry.copyBlob(source, target, digest)))
  return missing
}
