// The names under which somebody may speak of an image. A mirror has another name than the image that the author of a
// VEX document knows; that it is the same one is proven by acquisition provenance that we signed.
import { z } from "zod"
import { predicateTypes } from "../attestation/predicate-types.js"
import {
  type AttachedDocument,
  listReferrers,
  placesOf,
  readPlace,
  type VerifyingReader,
} from "../image/attached-documents.js"
import { readStatementIn } from "../image/attached-statement.js"
import type { ImageGraph } from "../image/image-graph.js"
import { canonicalRegistry, type PinnedReference, repositoryName } from "../oci/reference.js"
import { ourselves } from "../trust.js"
import type { ProductName } from "../vex/vex-document.js"

const sourceSchema = z.object({
  source: z.object({ registry: z.string().min(1), repository: z.string().min(1), tag: z.string().optional() }),
})

/** The image's own name first, then where we acquired it from. */
export async function findProducts(
  reader: VerifyingReader,
  { reference, manifest, platforms }: ImageGraph,
): Promise<readonly ProductName[]> {
  const digests = [...new Set([reference.digest, ...platforms.map(({ digest }) => digest)])]
  const tag = reference.tag === undefined ? {} : { tag: reference.tag }
  const own: ProductName = { repository: repositoryName(reference), digests, ...tag, by: "image" }
  // Without a key of ours no provenance can count.
  if (!reader.trust.keys.some(({ publisher }) => publisher === ourselves)) return [own]
  const tree = await listReferrers(reader.registry, reference, manifest)
  const type = predicateTypes.acquisitionProvenance
  const places = tree === undefined ? [] : placesOf(tree, manifest, type)
  const read = await Promise.all(places.map((place) => readPlace(reader, reference, place, type)))
  const upstream = read.flatMap(({ documents }) => documents.flatMap((one) => upstreamOf(reader, one, reference)))
  return [own, ...upstream.map((name) => ({ ...name, digests, by: "provenance" as const }))]
}

function upstreamOf(
  { trust }: VerifyingReader,
  document: AttachedDocument,
  image: PinnedReference,
): Pick<ProductName, "repository" | "tag">[] {
  const { signature } = document
  const read = readStatementIn(document, image.digest, trust)
  if (signature.status !== "verified" || signature.publisher !== ourselves || "problem" in read) return []
  const { statement, about } = read
  if (!about || statement?.predicateType !== predicateTypes.acquisitionProvenance) return []
  const parsed = sourceSchema.safeParse(statement.predicate)
  if (!parsed.success) return []
  const { registry, repository, tag } = parsed.data.source
  return [{ repository: `${canonicalRegistry(registry)}/${repository}`, ...(tag ? { tag } : {}) }]
}
