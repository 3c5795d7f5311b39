// What is attached to an image: to the index, to each platform, and to what is attached to those. Listed per subject,
// because a registry's answer is only about one.
import type { Digest } from "../oci/digest.js"
import { type Manifest, uniqueDigests } from "../oci/manifest.js"
import type { PinnedReference } from "../oci/reference.js"
import { detectLyingReferrersTag, type ReferrerTree } from "../oci/referrers.js"
import type { Registry } from "../ports.js"

/** The referrers of an image on one side. */
export type Attached = {
  readonly trees: readonly ReferrerTree[]
  /** Subjects whose manifest is not there: a half-filled repository. */
  readonly absent: readonly Digest[]
  /** Subjects for which the registry answers with the image itself: it has no referrers, whatever it lists. */
  readonly lying: readonly Digest[]
}

/** The manifests of an image that things are attached to: itself, then its platforms and nested indexes. */
export function subjectsOf(manifest: Manifest): readonly Digest[] {
  if (manifest.kind === "image") return [manifest.digest]
  return [
    ...new Set([manifest.digest, ...uniqueDigests(manifest.platforms), ...manifest.others.map(({ digest }) => digest)]),
  ]
}

/** Lists the referrers of every subject; `known` are trees that were read already. */
export async function listAttached(
  registry: Registry,
  reference: PinnedReference,
  manifest: Manifest,
  known: readonly ReferrerTree[] = [],
): Promise<Attached> {
  const subjects = subjectsOf(manifest)
  const answers = await Promise.all(
    subjects.map(
      async (subject) =>
        known.find((tree) => tree.subject === subject) ?? registry.referrers({ ...reference, digest: subject }),
    ),
  )
  const trees = answers.filter((tree) => tree !== undefined)
  const lying = trees.filter((tree) => isLying(tree, manifest)).map(({ subject }) => subject)
  return {
    trees: trees.map((tree) => (lying.includes(tree.subject) ? { subject: tree.subject, referrers: [] } : tree)),
    absent: subjects.filter((_, index) => answers[index] === undefined),
    lying,
  }
}

/**
 * Tells whether a listing is the image itself. Only the listing of the image's own digest is held against its children:
 * BuildKit's attestations are both, children of the index and referrers of a platform.
 */
export function isLying(tree: ReferrerTree, manifest: Manifest): boolean {
  if (tree.subject === manifest.digest) return detectLyingReferrersTag(tree, manifest)
  return tree.referrers.some(({ digest }) => digest === tree.subject || digest === manifest.digest)
}
