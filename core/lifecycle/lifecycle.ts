// The end of an image's life, as its lifecycle artifact says: reading. Microsoft's artifact, which `oras attach` and
// copa write too: https://learn.microsoft.com/azure/container-registry/container-registry-artifact-lifecycle
import { unsigned } from "../attestation/signature.js"
import { contentFailure, CsscError } from "../errors.js"
import type { Lifecycle } from "../findings/assessment.js"
import { compareText } from "../findings/canonical-json.js"
import type { ImageGraph } from "../image/image-graph.js"
import { readManifest } from "../image/read-manifest.js"
import { isLying } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import type { Manifest } from "../oci/manifest.js"
import { annotationKeys, isUntypedArtifact, mediaTypes } from "../oci/media-types.js"
import { bare, pinnedName, type Repository } from "../oci/reference.js"
import type { Referrer, ReferrerTree } from "../oci/referrers.js"
import { expiryOf } from "../policy/document/expiry.js"
import type { Registry } from "../ports.js"

export type LifecycleReader = Pick<Registry, "referrers" | "manifest">

/** More artifacts that may be about one image's life than anybody writes. */
export const MAX_LIFECYCLE_ARTIFACTS = 100
const maxDateLength = 64
const maxTextLength = 1000

/**
 * The artifact with the earliest date on the index or single image; undefined when there is none. One that cannot be
 * read, or has no date, comes first with the date as it is: whoever decides must see that nobody knows.
 */
export async function readLifecycle(
  registry: LifecycleReader,
  { reference, manifest }: Pick<ImageGraph, "reference" | "manifest">,
): Promise<Lifecycle | undefined> {
  const subject = manifest.digest
  const tree = await registry.referrers({ ...bare(reference), digest: subject })
  if (tree === undefined || isLying(tree, manifest)) return undefined
  const found = await readLifecycles(registry, reference, tree)
  return [...found].sort(byDate)[0]
}

/** Every lifecycle artifact of one subject; throws `LIMIT_EXCEEDED`. */
export async function readLifecycles(
  registry: LifecycleReader,
  repository: Repository,
  { subject, referrers }: ReferrerTree,
): Promise<readonly Lifecycle[]> {
  const candidates = referrers.filter(({ artifactType: type }) => isLifecycle(type) || isUntypedArtifact(type))
  if (candidates.length > MAX_LIFECYCLE_ARTIFACTS) {
    const name = pinnedName({ ...repository, digest: subject })
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `${name} has ${candidates.length} artifacts that may tell its end of life: at most ${MAX_LIFECYCLE_ARTIFACTS} are read`,
    )
  }
  const unique = [...new Map(candidates.map((one) => [one.digest, one])).values()]
  const read = unique.map((candidate) => readOne(registry, repository, candidate))
  return (await Promise.all(read)).filter((one) => one !== undefined)
}

async function readOne(
  registry: LifecycleReader,
  repository: Repository,
  { subject, digest, artifactType }: Pick<Referrer, "subject" | "digest" | "artifactType">,
): Promise<Lifecycle | undefined> {
  try {
    const manifest = await readManifest(registry, { ...bare(repository), digest })
    return lifecycleOf(manifest, subject)
  } catch (error) {
    contentFailure(error)
    return isLifecycle(artifactType) ? { endOfLife: "", referrer: digest, signature: unsigned } : undefined
  }
}

/** What a manifest says about its subject's life; undefined when it is about something, or somebody, else. */
function lifecycleOf(manifest: Manifest, subject: Digest): Lifecycle | undefined {
  const { annotations, artifactType = "" } = manifest
  if (!isLifecycle(artifactType) || manifest.subject?.digest !== subject) return undefined
  const reason = annotations[annotationKeys.lifecycleReason]?.slice(0, maxTextLength)
  const successor = annotations[annotationKeys.lifecycleSuccessor]?.slice(0, maxTextLength)
  return {
    endOfLife: (annotations[annotationKeys.endOfLife] ?? "").slice(0, maxDateLength),
    referrer: manifest.digest,
    signature: unsigned,
    ...(reason === undefined ? {} : { reason }),
    ...(successor === undefined ? {} : { successor }),
  }
}

function isLifecycle(artifactType: string): boolean {
  return artifactType === mediaTypes.lifecycle
}

// A date without a time begins at midnight. What is no date sorts first.
function byDate(a: Lifecycle, b: Lifecycle): number {
  const [left, right] = [timeOf(a), timeOf(b)]
  return left < right ? -1 : left > right ? 1 : compareText(a.referrer, b.referrer)
}

function timeOf({ endOfLife }: Lifecycle): number {
  return expiryOf(endOfLife) === undefined ? -Infinity : Date.parse(endOfLife)
}
