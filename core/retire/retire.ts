// Retire: the image and its evidence are archived, a tombstone says why, and then the image may go. In this order, each
// step only after the one before: what is deleted is in the archive, and nobody finds a hole without a reason in it.
import { CsscError } from "../errors.js"
import { formatReference, pinnedName, type PinnedReference, type Reference } from "../oci/reference.js"
import { isReservedTag, retiredTag } from "../oci/reserved-tags.js"
import { archiveImage, type Archiver } from "./archive.js"
import { archiveScope, type ArchiveScope } from "./archive-scope.js"
import type { DeletionWay } from "../delete/delete-image.js"
import { pin, readImage } from "../image/image-graph.js"
import { checkReason } from "../lifecycle/lifecycle-write.js"
import type { Context, Registry } from "../ports.js"
import { listTagDigests } from "../delete/repository-inventory.js"
import { deleteArchived, keepTombstone } from "./retire-deletion.js"
import type { RetirementResult, TombstoneState } from "./retirement-result.js"
import { findTombstone, writeTombstone } from "../lifecycle/tombstone.js"

export type RetireRequest = {
  readonly image: Reference
  readonly reason: string
  /** What to use instead. */
  readonly successor?: Reference
  readonly delete: boolean
  readonly dryRun: boolean
}

export type RetirePorts<T> = {
  readonly registry: Registry
  readonly archiver: Archiver<T>
  readonly progress: (line: string) => void
}

/** Without an archive after a dry run. */
export type Retirement<T> = { readonly result: RetirementResult; readonly archive?: T }

export async function retire<T>(
  { registry, archiver, progress }: RetirePorts<T>,
  request: RetireRequest,
  way: DeletionWay,
  context: Context,
): Promise<Retirement<T>> {
  const reason = checkReason(request.reason)
  const image = await pinImage(registry, request.image)
  const successor = request.successor && (await checkSuccessor(registry, image, request.successor))
  const { manifest } = await readImage(registry, image)
  const all = await listTagDigests(registry, image)
  const tags = all.filter(({ digest }) => digest === image.digest).map(({ tag }) => tag)
  const scope = await archiveScope(registry, image, manifest, all)
  const death = {
    endOfLife: context.now().toISOString(),
    reason,
    ...(successor === undefined ? {} : { successor: formatReference(successor) }),
    tags,
    run: context.run.url,
  }
  const result = resultOf(request, image, death, scope)
  if (request.dryRun) {
    return {
      result: request.delete
        ? { ...result, deletion: await deleteArchived(registry, image, scope, way, true) }
        : result,
    }
  }
  const archive = await archiveImage(archiver, image, scope)
  progress(`archived ${scope.digests.length} digests`)
  const tombstone = await ensureTombstone(registry, image, death)
  progress(`tombstone ${tombstone.state}: ${tombstone.tag}`)
  if (!request.delete) return { result: { ...result, tombstone }, archive }
  const bytes = await registry.manifest({ ...image, tag: tombstone.tag, digest: tombstone.digest })
  const deletion = await deleteArchived(registry, image, scope, way, false)
  progress(`image ${deletion.status}`)
  return { result: { ...result, tombstone: await keepTombstone(registry, image, tombstone, bytes), deletion }, archive }
}

function resultOf(
  request: RetireRequest,
  image: PinnedReference,
  death: Parameters<typeof writeTombstone>[2],
  { manifests, digests }: ArchiveScope,
): RetirementResult {
  const { successor, endOfLife, reason, tags } = death
  return {
    schema: "https://cssc.dev/retirement/v1",
    image: formatReference(image),
    digest: image.digest,
    reason,
    ...(successor === undefined ? {} : { successor }),
    retiredAt: endOfLife,
    tags,
    dryRun: request.dryRun,
    archive: { manifests: manifests.length, digests, verified: !request.dryRun },
  }
}

async function pinImage(registry: Registry, reference: Reference): Promise<PinnedReference> {
  if (reference.tag !== undefined && isReservedTag(reference.tag))
    throw refused(
      `${formatReference(reference)} is no image: its tag holds evidence, the mirror history or a tombstone`,
    )
  return pin(registry, reference)
}

async function checkSuccessor(
  registry: Registry,
  image: PinnedReference,
  reference: Reference,
): Promise<PinnedReference> {
  const successor = await pinImage(registry, reference)
  if (successor.digest === image.digest) throw refused(`the successor ${pinnedName(successor)} is the image itself`)
  await readImage(registry, successor)
  if ((await findTombstone(registry, successor, successor.digest)) === undefined) return successor
  throw refused(`the successor ${pinnedName(successor)} is retired itself`)
}

async function ensureTombstone(
  registry: Registry,
  image: PinnedReference,
  death: Parameters<typeof writeTombstone>[2],
): Promise<TombstoneState> {
  const tag = retiredTag(image.digest)
  const there = await findTombstone(registry, image, image.digest)
  if (there !== undefined) return { tag, digest: there.digest, state: "existing" }
  return { tag, digest: await writeTombstone(registry, image, death), state: "written" }
}

function refused(reason: string): CsscError {
  return new CsscError("ARGUMENT_INVALID", reason)
}
