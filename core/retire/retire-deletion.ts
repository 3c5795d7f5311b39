// The last step of retiring an image: it goes, with nothing that is not in the archive, and its tombstone stays.
import { deleteImage, type DeleteRequest } from "../delete/delete-image.js"
import type { DeletionResult } from "../delete/deletion.js"
import { CsscError, readFailure } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { parseManifest } from "../oci/manifest.js"
import { pinnedName, type PinnedReference, repositoryName } from "../oci/reference.js"
import { isEvidenceTag } from "../oci/reserved-tags.js"
import type { Operation } from "../operation.js"
import type { Registry } from "../ports.js"
import type { ArchiveScope } from "./archive-scope.js"
import type { TombstoneState } from "./retirement-result.js"

// Planned once more right before: what somebody attached in the meantime is in no archive, so it must not go.
export async function deleteArchived(
  operation: Pick<Operation, "registry">,
  request: Omit<DeleteRequest, "referrers">,
  { digests }: ArchiveScope,
): Promise<DeletionResult> {
  const plan = await deleteImage(operation, { ...request, referrers: true, dryRun: true })
  if (plan.reason !== "dry run") return plan
  const archived = new Set<Digest>(digests)
  const lost = plan.kept.find(({ digest, tag }) => !archived.has(digest) && !(tag !== undefined && isListing(tag)))
  if (lost !== undefined) {
    const reason = `${lost.digest} would go too and is not in the archive: it came while the image was retired; run again`
    return { status: "skipped", reason, deleted: [], kept: plan.kept }
  }
  return request.dryRun ? plan : deleteImage(operation, { ...request, referrers: true })
}

function isListing(tag: string): boolean {
  return isEvidenceTag(tag) && !tag.includes(".")
}

// Some registries take everything along that is about a deleted image, whatever its tags.
export async function keepTombstone(
  registry: Registry,
  image: PinnedReference,
  tombstone: TombstoneState,
  bytes: string,
): Promise<TombstoneState> {
  const { registry: host, repository } = image
  const { tag, digest } = tombstone
  try {
    if ((await registry.resolve({ registry: host, repository, tag })) === digest) return tombstone
    const { mediaType } = parseManifest(bytes, { reference: `${repositoryName(image)}:${tag}`, digest })
    await registry.putManifest({ registry: host, repository }, bytes, mediaType, tag)
    return { tag, digest, state: "restored" }
  } catch (error) {
    const { code, reason } = readFailure(error)
    const what = `${pinnedName(image)} was deleted, and its tombstone ${tag} is not there or could not be looked at`
    const then = "mirror it back from the archive and retire it again, or it may be acquired once more"
    throw new CsscError("EVIDENCE_FAILED", `${what}: [${code}] ${reason}; ${then}`, { cause: error })
  }
}
