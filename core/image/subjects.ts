// What is attached to an image: to the index, to each platform, and to what is attached to those. Listed per subject,
// because a registry's answer is only about one.
import { contentFailure, CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { childDigests, type Manifest, parseManifest, uniqueDigests } from "../oci/manifest.js"
import { isIndexMediaType } from "../oci/media-types.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import { detectLyingReferrersTag, flattenReferrers, type ReferrerTree } from "../oci/referrers.js"
import type { Registry } from "../ports.js"

/** The referrers of an image on one side. */
export type Attached = {
  readonly trees: readonly ReferrerTree[]
  /** Subjects whose manifest is not there: a half-filled repository. */
  readonly absent: readonly Digest[]
  /** Subjects for which the registry answers with the image itself: it has no referrers, whatever it lists. */
  readonly lying: readonly Digest[]
  /** Subjects that are listed by a nested or attached index, with that index; left out without any. */
  readonly partOf?: ReadonlyMap<Digest, Digest>
}

/** More manifests than an image and the indexes attached to it list. */
export const MAX_SUBJECTS = 2000

/** The manifests of an image that things are attached to: itself, then all that it lists. */
export function subjectsOf(manifest: Manifest): readonly Digest[] {
  if (manifest.kind === "image") return [manifest.digest]
  return [...new Set([manifest.digest, ...uniqueDigests(manifest.platforms), ...childDigests(manifest)])]
}

/** Lists the referrers of every subject; `known` are trees that were read already. */
export async function listAttached(
  registry: Pick<Registry, "referrers" | "manifest">,
  reference: PinnedReference,
  manifest: Manifest,
  known: readonly ReferrerTree[] = [],
): Promise<Attached> {
  const answers = new Map<Digest, ReferrerTree | undefined>()
  const partOf = new Map<Digest, Digest>()
  const lying = new Set<Digest>()
  let wanted = subjectsOf(manifest)
  while (wanted.length > 0) {
    if (answers.size + wanted.length > MAX_SUBJECTS) throw tooMany(reference)
    const trees = await Promise.all(
      wanted.map(
        async (digest) => known.find((tree) => tree.subject === digest) ?? registry.referrers({ ...reference, digest }),
      ),
    )
    for (const [at, digest] of wanted.entries()) {
      const tree = trees[at]
      if (tree !== undefined && isLying(tree, manifest)) lying.add(digest)
      answers.set(digest, lying.has(digest) ? { subject: digest, referrers: [] } : tree)
    }
    const indexes = nestedIndexes(wanted, manifest, answers)
    const parts = await Promise.all(indexes.map((digest) => partsOf(registry, { ...reference, digest })))
    for (const [at, index] of indexes.entries())
      for (const part of parts[at] ?? []) if (!answers.has(part) && !partOf.has(part)) partOf.set(part, index)
    wanted = [...partOf.keys()].filter((digest) => !answers.has(digest))
  }
  const absent = [...answers].flatMap(([digest, tree]) => (tree === undefined ? [digest] : []))
  const trees = [...answers.values()].filter((tree) => tree !== undefined)
  return { trees, absent, lying: [...lying], ...(partOf.size === 0 ? {} : { partOf }) }
}

/** Indexes among what was just listed, which are subjects with all that they list: attached ones, and those in the index. */
function nestedIndexes(
  listed: readonly Digest[],
  manifest: Manifest,
  answers: ReadonlyMap<Digest, ReferrerTree | undefined>,
): readonly Digest[] {
  const others = manifest.kind === "index" ? manifest.others : []
  const inside = others.filter(({ digest, mediaType }) => listed.includes(digest) && isIndexMediaType(mediaType))
  const attached = listed.flatMap((digest) => {
    const tree = answers.get(digest)
    return tree === undefined ? [] : flattenReferrers(tree).filter(({ mediaType }) => isIndexMediaType(mediaType))
  })
  return [...new Set([...inside, ...attached].map(({ digest }) => digest))]
}

// What cannot be read is no index that anything could be attached to; whoever uses it says what is wrong with it.
async function partsOf(registry: Pick<Registry, "manifest">, index: PinnedReference): Promise<readonly Digest[]> {
  const bytes = await registry.manifest(index)
  if (bytes === undefined) return []
  try {
    const manifest = parseManifest(bytes, { reference: pinnedName(index), digest: index.digest })
    return manifest.kind === "index" ? [...childDigests(manifest)] : []
  } catch (error) {
    contentFailure(error)
    return []
  }
}

function tooMany(reference: PinnedReference): CsscError {
  const what = `${pinnedName(reference)} has more than ${MAX_SUBJECTS} manifests that something may be attached to`
  return new CsscError("LIMIT_EXCEEDED", `${what}: look at it before it is handled`)
}

/**
 * Tells whether a listing is the image itself. Only the listing of the image's own digest is held against its children:
 * BuildKit's attestations are both, children of the index and referrers of a platform. An index that says that it is
 * attached to one of its platforms is listed there rightly: it must not hide what else is attached.
 */
export function isLying(tree: ReferrerTree, manifest: Manifest): boolean {
  if (tree.subject === manifest.digest) return detectLyingReferrersTag(tree, manifest)
  const isAttached = manifest.subject?.digest === tree.subject
  return tree.referrers.some(({ digest }) => digest === tree.subject || (digest === manifest.digest && !isAttached))
}
