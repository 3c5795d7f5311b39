// Everything of a repository that a deletion must know: each tag's digest, and what the tagged manifests list.
import { CsscError } from "../errors.js"
import { readManifest } from "../image/read-manifest.js"
import { listAttached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import { childDigests, type Manifest } from "../oci/manifest.js"
import { bare, type Repository, repositoryName } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import { isReservedTag } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"
import type { ManifestNode, TagEntry } from "./deletion-input.js"

/** A repository with more tags is not cleaned up tag by tag. */
export const MAX_INVENTORY_TAGS = 2000

/** Every tag with its digest. */
export async function listTagDigests(registry: Registry, repository: Repository): Promise<readonly TagEntry[]> {
  const tags = (await registry.tags(repository)) ?? []
  if (tags.length > MAX_INVENTORY_TAGS)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `${repositoryName(repository)} has ${tags.length} tags: who shares a digest is looked up for at most ${MAX_INVENTORY_TAGS}`,
    )
  const entries = await Promise.all(
    tags.map(async (tag) => ({ tag, digest: await registry.resolve({ ...bare(repository), tag }) })),
  )
  return entries.flatMap(({ tag, digest }) => (digest === undefined ? [] : [{ tag, digest }]))
}

/** The manifests that the tags point to, and the target's platforms and attachments. */
export async function readNodes(
  registry: Registry,
  repository: Repository,
  digests: readonly Digest[],
  target: Digest,
): Promise<readonly ManifestNode[]> {
  const tagged = await readTagged(registry, repository, [...digests, target])
  const closure = await readClosure(registry, repository, target)
  return uniqueNodes([...closure, ...tagged])
}

/** What each digest lists and is about. */
export function readTagged(
  registry: Pick<Registry, "manifest">,
  repository: Repository,
  digests: readonly Digest[],
): Promise<readonly ManifestNode[]> {
  return Promise.all([...new Set(digests)].map((digest) => readNode(registry, repository, digest)))
}

/** The platforms of an image, and what is attached to it and to them. */
export async function readClosure(
  registry: Pick<Registry, "manifest" | "referrers">,
  repository: Repository,
  target: Digest,
): Promise<readonly ManifestNode[]> {
  const image = await readManifest(registry, { ...bare(repository), digest: target })
  const { trees } = await listAttached(registry, { ...bare(repository), digest: target }, image)
  const attached = trees.flatMap(flattenReferrers).map(({ digest, subject }) => ({ digest, subject }))
  const children = image.kind === "index" ? childrenOf(image).map((digest) => ({ digest })) : []
  return [...children, ...attached]
}

/** Each digest once: of two nodes the last, which was read. */
export function uniqueNodes(nodes: readonly ManifestNode[]): readonly ManifestNode[] {
  return [...new Map(nodes.map((node) => [node.digest, node])).values()]
}

/** Tags whose manifests have to be read: all but those that only hold evidence. */
export function imageTags(entries: readonly TagEntry[]): readonly TagEntry[] {
  return entries.filter(({ tag }) => !isReservedTag(tag))
}

async function readNode(
  registry: Pick<Registry, "manifest">,
  repository: Repository,
  digest: Digest,
): Promise<ManifestNode> {
  const manifest = await readManifest(registry, { ...bare(repository), digest })
  const subject = manifest.subject === undefined ? {} : { subject: manifest.subject.digest }
  return { digest, children: childrenOf(manifest), ...subject }
}

function childrenOf(manifest: Manifest): readonly Digest[] {
  return manifest.kind === "index" ? [...childDigests(manifest)] : []
}
