// Retire: the image and its evidence are archived, a tombstone says why, and then the image may go. In this order, each
// step only after the one before: what is deleted is in the archive, and nobody finds a hole without a reason in it.
import type { DeletionWay } from "../delete/delete-image.js"
import { listTagDigests } from "../delete/repository-inventory.js"
import { CsscError } from "../errors.js"
import { pin, readImage } from "../image/image-graph.js"
import { notThere } from "../image/read-manifest.js"
import { checkReason } from "../lifecycle/lifecycle-write.js"
import { findTombstone, type Retired, writeTombstone } from "../lifecycle/tombstone.js"
import { bare, formatReference, pinnedName, type PinnedReference, type Reference } from "../oci/reference.js"
import { isReservedTag, retiredTag } from "../oci/reserved-tags.js"
import type { Operation } from "../operation.js"
import type { Registry } from "../ports.js"
import { archiveImage, type Archiver } from "./archive.js"
import { type ArchiveScope, archiveScope } from "./archive-scope.js"
import { deleteArchived, keepTombstone } from "./retire-deletion.js"
import type { RetirementResult, TombstoneState } from "./retirement-result.js"

export type RetireRequest = {
  readonly image: Reference
  readonly reason: string
  /** What to use instead. */
  readonly successor?: Reference
  readonly delete: boolean
  readonly deletionWay: DeletionWay
  readonly dryRun: boolean
}

export type RetireOperation<T> = Pick<Operation, "registry" | "run" | "now" | "progress"> & {
  readonly archiver: Archiver<T>
}

/** Without an archive after a dry run. */
export type Retirement<T> = { readonly result: RetirementResult; readonly archive?: T }

export async function retire<T>(operation: RetireOperation<T>, request: RetireRequest): Promise<Retirement<T>> {
  const { registry, archiver, progress, run, now } = operation
  const reason = checkReason(request.reason)
  const image = await pinImage(registry, request.image)
  const successor = request.successor && (await checkSuccessor(registry, image, request.successor))
  const { manifest } = await readImage(registry, image)
  const all = await listTagDigests(registry, image)
  const tags = all.filter(({ digest }) => digest === image.digest).map(({ tag }) => tag)
  const scope = await archiveScope(registry, image, manifest, all)
  const retired = {
    endOfLife: now().toISOString(),
    reason,
    ...(successor === undefined ? {} : { successor: formatReference(successor) }),
    tags,
    run: run.url,
  }
  const result = resultOf(request, image, retired, scope)
  const { dryRun, deletionWay } = request
  const deletionOf = () => deleteArchived(operation, { image, dryRun, deletionWay }, scope)
  if (dryRun) return { result: request.delete ? { ...result, deletion: await deletionOf() } : result }
  const archive = await archiveImage(archiver, image, scope)
  progress(`archived ${scope.digests.length} digests`)
  const { tombstone, said } = await ensureTombstone(registry, image, retired)
  const buried = { ...result, ...said }
  progress(`tombstone ${tombstone.state}: ${tombstone.tag}`)
  if (!request.delete) return { result: { ...buried, tombstone }, archive }
  const at = { ...bare(image), digest: tombstone.digest }
  const bytes = await registry.manifest(at)
  if (bytes === undefined) throw notThere(at)
  const deletion = await deletionOf()
  progress(`image ${deletion.status}`)
  return { result: { ...buried, tombstone: await keepTombstone(registry, image, tombstone, bytes), deletion }, archive }
}

function resultOf(
  request: RetireRequest,
  image: PinnedReference,
  retired: Retired,
  { manifests, digests }: ArchiveScope,
): RetirementResult {
  const { successor, endOfLife, reason, tags } = retired
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

type Buried = {
  readonly tombstone: TombstoneState
  /** What an earlier run wrote, which stays. */
  readonly said?: Pick<RetirementResult, "reason" | "successor" | "retiredAt">
}

async function ensureTombstone(registry: Registry, image: PinnedReference, retired: Retired): Promise<Buried> {
  const tag = retiredTag(image.digest)
  const there = await findTombstone(registry, image, image.digest)
  if (there === undefined)
    return { tombstone: { tag, digest: await writeTombstone(registry, image, retired), state: "written" } }
  const { digest, reason, successor, retiredAt } = there
  const said = { reason, retiredAt, ...(successor === undefined ? {} : { successor }) }
  return { tombstone: { tag, digest, state: "existing" }, said }
}

function refused(reason: string): CsscError {
  return new CsscError("ARGUMENT_INVALID", reason)
}
