// Delete: one image with what is attached to it, by the way that its registry offers. Nothing that another tag, index,
// attachment or the history still needs goes along; what cannot be deleted is told.
import type { DeletionResult } from "./deletion.js"
import type { DeletableRepository } from "./deletion-input.js"
import { type Deleter, executeDeletion, explainFailure } from "./execute-deletion.js"
import { deleteFromGhcr, type PackageVersions } from "./ghcr-deletion.js"
import { pin } from "./image-graph.js"
import { planDeletion } from "./plan-deletion.js"
import type { Registry } from "./ports.js"
import { imageTags, listTagDigests, readNodes } from "./repository-inventory.js"
import type { PinnedReference, Reference } from "../oci/reference.js"

/** How images of one registry are deleted: the OCI way, or a REST API with a token of its own. */
export type DeletionWay =
  | { readonly kind: "oci" }
  | { readonly kind: "ghcr"; readonly packages: PackageVersions }
  | { readonly kind: "docker-hub"; readonly deleteTag: (repository: string, tag: string) => Promise<void> }
  /** The registry only deletes through an API, and there is no token for it. */
  | { readonly kind: "none"; readonly reason: string }

export type DeleteRequest = { readonly image: Reference; readonly referrers: boolean; readonly dryRun: boolean }

/** Never throws for a refusal: a promotion that has happened must not fail over its clean-up. */
export async function deleteImage(
  registry: Registry,
  request: DeleteRequest,
  way: DeletionWay,
): Promise<DeletionResult> {
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
  const target = { digest: image.digest, ...(image.tag === undefined ? {} : { tag: image.tag }) }
  const options = { target, referrers: request.referrers }
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
  if (!request.dryRun) return executeDeletion(plan, deleterOf(registry, image, way))
  const steps =
    plan.kind === "delete"
      ? plan.steps.map(({ digest, tag }) => ({
          digest,
          why: "would be deleted",
          ...(tag === undefined ? {} : { tag }),
        }))
      : []
  return { status: "skipped", reason: plan.kind === "delete" ? "dry run" : plan.reason, deleted: [], kept: steps }
}

function deleterOf(registry: Registry, image: PinnedReference, way: DeletionWay): Deleter {
  const { registry: host, repository } = image
  return {
    deleteManifest: (digest) => registry.remove({ registry: host, repository, digest }),
    ...(way.kind === "docker-hub" ? { deleteTag: (tag: string) => way.deleteTag(repository, tag) } : {}),
  }
}
