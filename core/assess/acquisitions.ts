// Acquisition provenance that a key of ours signed: where an image came from, and what was attached to it then.
import { z } from "zod"
import { predicateTypes } from "../attestation/predicate-types.js"
import { ownTrust } from "../attestation/trust-store.js"
import { CsscError } from "../errors.js"
import {
  type AttachedDocument,
  listReferrers,
  placesOf,
  readPlace,
  type VerifyingReader,
} from "../image/attached-documents.js"
import { readStatementIn } from "../image/attached-statement.js"
import { imageDigests, type ImageGraph } from "../image/image-graph.js"
import type { Digest } from "../oci/digest.js"
import { digestSchema, timeSchema } from "../oci/document-parts.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import { MAX_REFERRERS } from "../oci/referrers.js"
import { ourselves } from "../trust.js"

const type = predicateTypes.acquisitionProvenance

// What others add to the format is passed over.
const predicateSchema = z.object({
  source: z.object({ registry: z.string().min(1), repository: z.string().min(1), tag: z.string().optional() }),
  destination: z.object({ reference: z.string() }).optional(),
  acquiredAt: timeSchema.optional(),
  /** Who started the run that acquired it; "" where nobody did. Left out by older writers, as the run. */
  actor: z.string().optional(),
  runUrl: z.string().optional(),
  workflow: z.object({ runId: z.string().optional() }).optional(),
  /** Left out by older writers, and when nothing that is attached was copied. */
  referrers: z.record(digestSchema, z.array(digestSchema).max(MAX_REFERRERS)).optional(),
})

/** One statement, on the image or on one of its platforms. */
export type SignedAcquisition = z.infer<typeof predicateSchema> & { readonly subject: Digest }

/** Every one that is about the image or a platform. Without a key or identity of ours none can count, and none is looked for. */
export async function readAcquisitions(
  reader: VerifyingReader,
  graph: ImageGraph,
): Promise<readonly SignedAcquisition[]> {
  const { keys, identities } = ownTrust(reader.trust)
  if (keys.length + identities.length === 0) return []
  const found = await Promise.all(
    imageDigests(graph).map(async (digest) => {
      const subject = { ...graph.reference, digest }
      const tree = await listReferrers(reader.registry, subject, graph.manifest)
      const places = tree === undefined ? [] : placesOf(tree, graph.manifest, type)
      const read = await Promise.all(places.map((place) => readPlace(reader, subject, place, type)))
      return read.flatMap(({ documents }) => documents.flatMap((one) => acquisitionOf(reader, one, subject)))
    }),
  )
  return found.flat()
}

function acquisitionOf(
  { trust }: VerifyingReader,
  document: AttachedDocument,
  image: PinnedReference,
): SignedAcquisition[] {
  const { signature } = document
  const read = readStatementIn(document, image.digest, trust)
  if (signature.status !== "verified" || signature.publisher !== ourselves || "problem" in read) return []
  const { statement, about } = read
  if (!about || statement?.predicateType !== type) return []
  const parsed = predicateSchema.safeParse(statement.predicate)
  if (parsed.success) return [{ ...parsed.data, subject: image.digest }]
  // One of ours that cannot be read is no silence: it may name what is missing.
  const what = `acquisition provenance ${document.referrer} of ${pinnedName(image)}, which a key of ours signed`
  throw new CsscError("STATEMENT_INVALID", `${what}, cannot be read: ${parsed.error.issues[0]?.path.join(".") ?? ""}`)
}
