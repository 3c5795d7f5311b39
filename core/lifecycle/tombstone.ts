// A tombstone: what is left of a retired image. It is the image's last lifecycle artifact, under a tag of its own: a
// registry that drops an image drops what is attached to it too, but keeps what has a tag.
import { CsscError } from "../errors.js"
import { compareText } from "../findings/canonical-json.js"
import type { Digest } from "../oci/digest.js"
import { parseManifest } from "../oci/manifest.js"
import { annotationKeys, mediaTypes } from "../oci/media-types.js"
import { bare, formatReference, type PinnedReference, type Repository } from "../oci/reference.js"
import { retiredTag } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"
import { type EndOfLife, lifecycleArtifact } from "./lifecycle-write.js"

export type Tombstone = {
  /** The retired image. */
  readonly subject: Digest
  /** The tombstone's own tag and manifest. */
  readonly tag: string
  readonly digest: Digest
  readonly retiredAt: string
  readonly reason: string
  readonly successor?: string
  /** The tags that the image had. */
  readonly tags: readonly string[]
  readonly run?: string
}

/** What a tombstone tells. */
export type Retired = Required<Pick<EndOfLife, "endOfLife" | "reason">> & {
  readonly successor?: string
  readonly tags: readonly string[]
  readonly run: string
}

/** As many characters of tags as annotations bear. */
const maxTagsLength = 2000

/**
 * The tombstone of a digest; undefined when it was never retired here. Throws `MANIFEST_INVALID` when its tag holds
 * something else: nobody then knows whether it was.
 */
export async function findTombstone(
  registry: Pick<Registry, "manifest">,
  repository: Repository,
  digest: Digest,
): Promise<Tombstone | undefined> {
  const tag = retiredTag(digest)
  const reference = { ...bare(repository), tag }
  const bytes = await registry.manifest(reference)
  if (bytes === undefined) return undefined
  const manifest = parseManifest(bytes, { reference: formatReference(reference) })
  const { annotations, artifactType, subject } = manifest
  if (artifactType !== mediaTypes.lifecycle || subject?.digest !== digest) {
    const what = `${formatReference(reference)} is not the tombstone of ${digest}`
    throw new CsscError("MANIFEST_INVALID", `${what}: look who wrote it, and delete it if the image was not retired`)
  }
  const successor = annotations[annotationKeys.lifecycleSuccessor]
  const run = annotations[annotationKeys.lifecycleRun]
  return {
    subject: digest,
    tag,
    digest: manifest.digest,
    retiredAt: annotations[annotationKeys.endOfLife] ?? "",
    reason: annotations[annotationKeys.lifecycleReason] ?? "",
    ...(successor === undefined ? {} : { successor }),
    tags: (annotations[annotationKeys.lifecycleTags] ?? "").split(" ").filter((name) => name !== ""),
    ...(run === undefined ? {} : { run }),
  }
}

/** One sentence on a retired image, for those who ask for it. */
export function describeTombstone({ retiredAt, reason, successor }: Tombstone): string {
  const next = successor === undefined ? "" : `; use ${successor} instead`
  return `retired on ${retiredAt.slice(0, 10)} (${reason})${next}`
}

/** Attaches the end of life to the image and gives it its tag; every reader knows it as retired from here on. */
export async function writeTombstone(
  registry: Registry,
  image: PinnedReference,
  { tags, run, ...end }: Retired,
): Promise<Digest> {
  const subject = { ...bare(image), digest: image.digest }
  const artifact = lifecycleArtifact(end, {
    [annotationKeys.lifecycleTags]: listTags(tags),
    ...(run === "" ? {} : { [annotationKeys.lifecycleRun]: run }),
  })
  const digest = await registry.attach(subject, artifact)
  await registry.tag({ ...subject, digest }, retiredTag(image.digest))
  return digest
}

function listTags(tags: readonly string[]): string {
  const sorted = [...tags].sort(compareText)
  while (sorted.join(" ").length > maxTagsLength) sorted.pop()
  return sorted.join(" ")
}
