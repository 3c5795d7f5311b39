// The names under which somebody may speak of an image. A mirror has another name than the image that the author of a
// VEX document knows; that it is the same one is proven by acquisition provenance that we signed.
import { predicateTypes } from "../attestation/predicate-types.js"
import { subjectMatches } from "../attestation/statement.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { unwrap } from "../attestation/unwrap.js"
import { z } from "zod"
import { canonicalRegistry, type PinnedReference, repositoryName } from "../oci/reference.js"
import type { ProductName } from "../vex/vex-document.js"
import {
  type AttachedDocument,
  type DocumentReader,
  listReferrers,
  placesOf,
  readPlace,
} from "../image/attached-documents.js"
import type { ImageGraph } from "../image/image-graph.js"
import { ourselves } from "../trust.js"

const sourceSchema = z.object({
  source: z.object({ registry: z.string().min(1), repository: z.string().min(1), tag: z.string().optional() }),
})

/** The image's own name first, then where we acquired it from. */
export async function findProducts(
  registry: DocumentReader,
  trust: TrustStore,
  { reference, manifest, platforms }: ImageGraph,
): Promise<readonly ProductName[]> {
  const digests = [...new Set([reference.digest, ...platforms.map(({ digest }) => digest)])]
  const tag = reference.tag === undefined ? {} : { tag: reference.tag }
  const own: ProductName = { repository: repositoryName(reference), digests, ...tag, by: "image" }
  // Without a key of ours no provenance can count.
  if (!trust.keys.some(({ publisher }) => publisher === ourselves)) return [own]
  const tree = await listReferrers(registry, reference, manifest)
  const type = predicateTypes.acquisitionProvenance
  const places = tree === undefined ? [] : placesOf(tree, manifest, type)
  const read = await Promise.all(places.map((place) => readPlace(registry, trust, reference, place, type)))
  const upstream = read.flatMap(({ documents }) => documents.flatMap((one) => upstreamOf(one, reference)))
  return [own, ...upstream.map((name) => ({ ...name, digests, by: "provenance" as const }))]
}

function upstreamOf(
  { content, signature, manifest }: AttachedDocument,
  image: PinnedReference,
): Pick<ProductName, "repository" | "tag">[] {
  const ours = signature.status === "verified" && signature.publisher === ourselves
  if (!ours || !(content instanceof Uint8Array) || manifest.subject?.digest !== image.digest) return []
  const { statement } = unwrap(content)
  if (statement === undefined || !subjectMatches(statement, image.digest)) return []
  if (statement.predicateType !== predicateTypes.acquisitionProvenance) return []
  const parsed = sourceSchema.safeParse(statement.predicate)
  if (!parsed.success) return []
  const { registry, repository, tag } = parsed.data.source
  return [{ repository: `${canonicalRegistry(registry)}/${repository}`, ...(tag ? { tag } : {}) }]
}
