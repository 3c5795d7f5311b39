// Delete: one image with what is attached to it, by the way that its registry offers. Nothing that another tag, index,
// attachment or the history still needs goes along; what cannot be deleted is told.
import { pin } from "../image/image-graph.js"
import { childDigests, parseManifest } from "../oci/manifest.js"
import type { PinnedReference, Reference } from "../oci/reference.js"
import { isEvidenceTag, referrersTag } from "../oci/reserved-tags.js"
import type { Operation } from "../operation.js"
import type { Registry } from "../ports.js"
import type { DeletionResult } from "./deletion.js"
import { wouldBeDeleted } from "./deletion.js"
import type { DeletableRepository, DeletionInput, TagEntry } from "./deletion-input.js"
import { type Deleter, executeDeletion, explainFailure } from "./execute-deletion.js"
import { deleteFromGhcr, type PackageVersions } from "./ghcr-deletion.js"
import { planDeletion } from "./plan-deletion.js"
import { imageTags, listTagDigests, readNodes } from "./repository-inventory.js"

/** How images of one registry are deleted: the OCI way, or a REST API with a token of its own. */
export type DeletionWay =
  | { readonly kind: "oci" }
  | { readonly kind: "ghcr"; readonly packages: PackageVersions }
  | { readonly kind: "docker-hub"; readonly deleteTag: (repository: string, tag: string) => Promise<void> }
  /** The registry only deletes through an API, and there is no token for it. */
  | { readonly kind: "none"; readonly reason: string }

export type DeleteRequest = {
  readonly image: Reference
  /** Other tags of the image that go with it. */
  readonly aliases?: readonly string[]
  readonly referrers: boolean
  readonly dryRun: boolean
  readonly deletionWay: DeletionWay
  /** What else still needs a digest, beside what is read here. */
  readonly needed?: NonNullable<DeletionInput["needed"]>
}

/** Never throws for a refusal: a promotion that has happened must not fail over its clean-up. */
export async function deleteImage(
  { registry }: Pick<Operation, "registry">,
  request: DeleteRequest,
): Promise<DeletionResult> {
  const way = request.deletionWay
  try {
    if (way.kind === "none") return { status: "skipped", reason: way.reason, deleted: [], kept: [] }
    return await deleteBy(registry, request, await pin(registry, request.image), way)
  } catch (error) {
    return { status: "failed", reason: explainFailure(error), deleted: [], kept: [] }
  }
}

async function deleteBy(
  registry: Registry,
  request: DeleteRequest,
  image: PinnedReference,
  way: Exclude<DeletionWay, { kind: "none" }>,
): Promise<DeletionResult> {
  const { aliases = [] } = request
  const target = { digest: image.digest, aliases, ...(image.tag === undefined ? {} : { tag: image.tag }) }
  const needed = request.needed === undefined ? {} : { needed: request.needed }
  const options = { target, referrers: request.referrers, ...needed }
  if (way.kind === "ghcr") {
    const readManifests = (versions: readonly { tags: readonly string[]; digest: PinnedReference["digest"] }[]) =>
      readNodes(
        registry,
        image,
        imageTags(versions.flatMap(({ tags, digest }) => tags.map((tag) => ({ tag, digest })))).map(
          ({ digest }) => digest,
        ),
        image.digest,
      )
    if (!request.dryRun)
      return deleteFromGhcr({ ...options, repository: image.repository, readManifests }, way.packages)
  }
  const tags = await listTagDigests(registry, image)
  const manifests = await readNodes(
    registry,
    image,
    imageTags(tags).map(({ digest }) => digest),
    image.digest,
  )
  const repository: DeletableRepository = { kind: way.kind === "docker-hub" ? "tag" : "manifest", tags }
  const plan = planDeletion({ ...options, repository, manifests })
  if (!request.dryRun) {
    const result = await executeDeletion(plan, deleterOf(registry, image, way))
    if (way.kind === "oci" && result.status === "deleted") await sweepListings(registry, image, tags, result)
    return result
  }
  const steps =
    plan.kind === "delete"
      ? plan.steps.map(({ digest, tag }) => ({
          digest,
          why: wouldBeDeleted,
          ...(tag === undefined ? {} : { tag }),
        }))
      : []
  return { status: "skipped", reason: plan.kind === "delete" ? "dry run" : plan.reason, deleted: [], kept: steps }
}

// On registries without a referrers API each deletion of an attachment writes its subject's listing anew: the last one
// is left, empty, under a tag of its own. Best effort: the image is gone.
async function sweepListings(
  registry: Registry,
  { registry: host, repository }: PinnedReference,
  tags: readonly TagEntry[],
  { deleted }: DeletionResult,
): Promise<void> {
  const gone = new Set(deleted.map(({ digest }) => referrersTag(digest)))
  const left = tags.filter(({ tag }) => gone.has(tag))
  const sweep = async ({ tag }: TagEntry) => {
    const content = await registry.manifest({ registry: host, repository, tag })
    const manifest = content === undefined ? undefined : parseManifest(content, { reference: tag })
    if (manifest?.kind !== "index" || childDigests(manifest).size > 0) return
    // Every empty index is the same manifest: one that somebody tagged must not go along.
    if (tags.some((other) => other.digest === manifest.digest && !isEvidenceTag(other.tag))) return
    await registry.remove({ registry: host, repository, digest: manifest.digest })
  }
  // One after the other: empty listings are one manifest, which goes with the first.
  for (const one of left) await sweep(one).catch(() => undefined)
}

function deleterOf(registry: Registry, image: PinnedReference, way: DeletionWay): Deleter {
  const { registry: host, repository } = image
  return {
    deleteManifest: (digest) => registry.remove({ registry: host, repository, digest }),
    ...(way.kind === "docker-hub" ? { deleteTag: (tag: string) => way.deleteTag(repository, tag) } : {}),
  }
}
