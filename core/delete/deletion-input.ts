// What has to be known about a repository before anything in it is deleted.
import { CsscError } from "../errors.js"
import { type Digest } from "../oci/digest.js"
import { isReservedTag } from "../oci/reserved-tags.js"

/** A manifest that was read: what it lists, and what it is about. */
export type ManifestNode = {
  readonly digest: Digest
  /** The manifests that an index lists; empty or left out for an image. */
  readonly children?: readonly Digest[]
  readonly subject?: Digest
}

export type TagEntry = { readonly tag: string; readonly digest: Digest }
/** One version of GHCR's Packages API. */
export type PackageVersion = { readonly id: number; readonly digest: Digest; readonly tags: readonly string[] }

/** How the registry deletes: a manifest by digest (OCI), a version (GHCR), or nothing but tags (Docker Hub's API). */
export type DeletableRepository =
  | { readonly kind: "manifest"; readonly tags: readonly TagEntry[] }
  | { readonly kind: "tag"; readonly tags: readonly TagEntry[] }
  | { readonly kind: "version"; readonly versions: readonly PackageVersion[] }

export type DeletionOptions = {
  /** Delete the evidence too, also that of the platforms; default true. */
  readonly referrers?: boolean
  /** Delete the platform manifests that nothing else uses; default true. */
  readonly includeChildren?: boolean
}

export type DeletionInput = DeletionOptions & {
  /** The digest that was decided about; the tag must still point to it. */
  readonly target: {
    readonly digest: Digest
    readonly tag?: string
    /** Other tags of the digest that go with it, since somebody decided so about each. */
    readonly aliases?: readonly string[]
  }
  readonly repository: DeletableRepository
  /**
   * Every manifest that a tag points to (evidence tags and mirror-history may be left out), and the whole closure of
   * the target: its platforms, their referrers, and the referrers of those. What a tag points to and is not here
   * counts as a user of everything.
   */
  readonly manifests: readonly ManifestNode[]
  /** What else still needs a digest: the mirror history, a running promotion. */
  readonly needed?: readonly { readonly digest: Digest; readonly why: string }[]
}

/** A plan over more manifests than this is no longer checked by eye, or quickly. */
export const maxDeletionManifests = 4096

/** The lookups over an input that planning needs. */
export type DeletionGraph = {
  readonly tags: readonly TagEntry[]
  readonly nodes: ReadonlyMap<Digest, ManifestNode>
  readonly tagsOf: ReadonlyMap<Digest, readonly string[]>
  readonly parentsOf: ReadonlyMap<Digest, readonly Digest[]>
  readonly referrersOf: ReadonlyMap<Digest, readonly Digest[]>
  readonly neededBy: ReadonlyMap<Digest, string>
  /** Tags of images whose manifests nobody read. */
  readonly unread: readonly string[]
}

/** Indexes an input; the order of its lists changes nothing. */
export function buildDeletionGraph(input: DeletionInput): DeletionGraph {
  if (input.manifests.length > maxDeletionManifests) {
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the deletion of ${input.target.digest} spans over ${maxDeletionManifests} manifests`,
    )
  }
  const tags = listTags(input.repository)
  const nodes = new Map(input.manifests.map((node) => [node.digest, node]))
  const known = [...nodes.values()]
  const needed = input.needed ?? []
  return {
    tags,
    nodes,
    tagsOf: group(tags.map(({ tag, digest }) => [digest, tag])),
    parentsOf: group(known.flatMap((node) => (node.children ?? []).map((child) => [child, node.digest] as const))),
    referrersOf: group(
      known.flatMap((node) => (node.subject === undefined ? [] : [[node.subject, node.digest] as const])),
    ),
    neededBy: new Map(needed.map(({ digest, why }) => [digest, why])),
    unread: tags.filter(({ tag, digest }) => !isReservedTag(tag) && !nodes.has(digest)).map(({ tag }) => tag),
  }
}

function listTags(repository: DeletableRepository): TagEntry[] {
  const tags =
    repository.kind === "version"
      ? repository.versions.flatMap(({ digest, tags }) => tags.map((tag) => ({ tag, digest })))
      : [...repository.tags]
  return tags.sort((a, b) => (a.tag < b.tag ? -1 : 1))
}

function group<T extends string>(pairs: readonly (readonly [Digest, T])[]): Map<Digest, T[]> {
  const groups = new Map<Digest, Set<T>>()
  for (const [key, value] of pairs) groups.set(key, (groups.get(key) ?? new Set()).add(value))
  return new Map([...groups].map(([key, values]) => [key, [...values].sort()]))
}
