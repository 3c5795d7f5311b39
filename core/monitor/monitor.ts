// Monitor: the golden images of a repository judged again, each digest once for all of its tags. No layer is fetched: what
// is judged is the SBOM that is attached, signed by whom the policy demands. One image that cannot be read stops no other.
import pLimit from "p-limit"
import { ownTrust, trustsNobody } from "../attestation/trust-store.js"
import { CsscError, readFailure } from "../errors.js"
import { hostRequests } from "../fleet/document/host-requests.js"
import { pin } from "../image/image-graph.js"
import { unknownRepository } from "../image/missing-image.js"
import type { Digest } from "../oci/digest.js"
import { bare, type PinnedReference, type Repository, repositoryName } from "../oci/reference.js"
import { selectTags, type TagSelection } from "../oci/tags.js"
import { policyDigest } from "../policy/document/policy.js"
import type { Earlier } from "./earlier.js"
import { type ImageRequest, monitorImage, type MonitorOperation } from "./monitor-image.js"
import { failuresOf, type MonitoredImage, type Monitoring, monitoringSchemaId } from "./monitoring.js"

export type MonitorRequest = Omit<ImageRequest, "image" | "tags" | "earlier"> & {
  readonly repository: Repository
  readonly tags: TagSelection
  readonly earlier?: Earlier
}

/** Images looked at at once. */
const IMAGES_AT_ONCE = 16

export async function monitor(operation: MonitorOperation, request: MonitorRequest): Promise<Monitoring> {
  requireMonitorable(operation, request)
  const { repository } = request
  const listed = await operation.registry.tags(repository)
  if (listed === undefined) throw unknownRepository(repository)
  const { images, unread } = await pinAll(operation, repository, selectTags(listed, request.tags))
  const limit = pLimit(IMAGES_AT_ONCE)
  const looked = await Promise.all(images.map((image) => limit(() => look(operation, request, image))))
  const all = [...looked, ...unread]
  return {
    schema: monitoringSchemaId,
    repository: repositoryName(repository),
    checkedAt: operation.now().toISOString(),
    policy: policyDigest(operation.policy),
    images: all,
    failures: failuresOf(repositoryName(repository), all),
    requests: hostRequests(operation.registry.exchanges),
  }
}

// What would make every verdict wrong is told before the first.
function requireMonitorable({ trust, policy, signer }: MonitorOperation, { renew }: MonitorRequest): void {
  const refuse = (why: string) => new CsscError("ARGUMENT_INVALID", why)
  if (trustsNobody(ownTrust(trust)))
    throw refuse(
      "no key is trusted, so no stored verdict can count: pass the gate's public key by with-trusted-key, or its identity by with-trusted-identity",
    )
  if (policy.method === "image")
    throw refuse("the policy accepts only method image, which fetches layers: gate each image instead")
  if (policy.crossExamination !== undefined)
    throw refuse("the policy compares SBOMs with file systems, which fetches layers: gate each image instead")
  if (renew && signer === undefined)
    throw refuse(
      "a proof that nobody signed proves nothing: pass with-signing-key, or with-keyless-signing, or no --renew",
    )
}

type Golden = { readonly image: PinnedReference; readonly tags: readonly string[] }

async function pinAll(
  { registry }: Pick<MonitorOperation, "registry">,
  repository: Repository,
  tags: readonly string[],
): Promise<{ readonly images: readonly Golden[]; readonly unread: readonly MonitoredImage[] }> {
  const limit = pLimit(IMAGES_AT_ONCE)
  const byDigest = new Map<Digest, string[]>()
  const unread: MonitoredImage[] = []
  const read = async (tag: string) => {
    try {
      return { tag, digest: (await pin(registry, { ...bare(repository), tag })).digest }
    } catch (error) {
      unread.push({ state: "unread", tags: [tag], outcome: "failed", error: readFailure(error).message })
      return undefined
    }
  }
  for (const one of await Promise.all(tags.map((tag) => limit(() => read(tag)))))
    if (one !== undefined) byDigest.set(one.digest, [...(byDigest.get(one.digest) ?? []), one.tag])
  const images = [...byDigest].map(([digest, own]): Golden => {
    const [tag] = own
    return { image: { ...bare(repository), ...(tag === undefined ? {} : { tag }), digest }, tags: own }
  })
  return { images, unread }
}

async function look(
  operation: MonitorOperation,
  request: MonitorRequest,
  { image, tags }: Golden,
): Promise<MonitoredImage> {
  const { repository: _repository, tags: _selection, earlier, ...how } = request
  const known = earlier?.get(image.digest)
  const one = { ...how, image, tags, ...(known === undefined ? {} : { earlier: known }) }
  try {
    return await operation.step(tags.join(", "), () => monitorImage(operation, one), told)
  } catch (error) {
    const { message } = readFailure(error)
    return { state: "unread", digest: image.digest, tags, outcome: "failed", error: message }
  }
}

function told(image: MonitoredImage): string {
  const name = image.tags.join(", ")
  return image.state === "unread" ? `${name}: unread` : `${name}: ${image.state}, ${image.outcome}`
}
