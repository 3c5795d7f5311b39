// Who signed the image itself: cosign's bundles and simple signatures, as referrers or under its signature tag.
import { type SignatureFact } from "../attestation/signature.js"
import {
  type AttachedDocument,
  listReferrers,
  placesOf,
  readPlace,
  type VerifyingReader,
} from "../image/attached-documents.js"
import { readStatementIn } from "../image/attached-statement.js"
import type { ImageGraph } from "../image/image-graph.js"
import { best, manifestSignature } from "../image/signatures.js"
import { simpleSignatures } from "../image/simple-signatures.js"
import type { PinnedReference } from "../oci/reference.js"
import { digestTags } from "../oci/reserved-tags.js"

/** What cosign 3 writes when it signs an image: a statement without a predicate. */
export const cosignSignType = "https://sigstore.dev/cosign/sign/v1"

/** The best signature on the index, or on a single image. */
export async function imageSignature(
  reader: VerifyingReader,
  { reference, manifest }: ImageGraph,
): Promise<SignatureFact> {
  const tree = await listReferrers(reader.registry, reference, manifest)
  const { registry: host, repository, digest } = reference
  const subject = { registry: host, repository, digest, referrers: tree?.referrers ?? [] }
  const [attached, bundles, tagged] = await Promise.all([
    manifestSignature(reader, subject),
    bundleSignatures(reader, reference, manifest),
    taggedSignatures(reader, reference),
  ])
  return best([attached, ...bundles, ...tagged])
}

async function bundleSignatures(
  reader: VerifyingReader,
  reference: PinnedReference,
  manifest: ImageGraph["manifest"],
): Promise<SignatureFact[]> {
  const tree = await listReferrers(reader.registry, reference, manifest)
  const places = tree === undefined ? [] : placesOf(tree, manifest, cosignSignType)
  const read = await Promise.all(places.map((place) => readPlace(reader, reference, place, cosignSignType)))
  return read.flatMap(({ documents }) => documents.flatMap((one) => bundleSignature(reader, one, reference)))
}

function bundleSignature(
  { trust }: VerifyingReader,
  document: AttachedDocument,
  { digest }: PinnedReference,
): SignatureFact[] {
  const read = readStatementIn(document, digest, trust)
  if ("problem" in read) return [{ status: "untrusted", reason: read.problem }]
  const { statement, signature, about } = read
  if (statement?.predicateType !== cosignSignType) return []
  if (about) return [signature]
  // A stranger's signature of something else says nothing about anybody whom the policy trusts.
  const claims = signature.status === "verified" || signature.status === "invalid"
  return [{ status: claims ? "invalid" : "untrusted", reason: "the signature is about another image" }]
}

async function taggedSignatures(
  reader: VerifyingReader,
  { registry: host, repository, digest }: PinnedReference,
): Promise<SignatureFact[]> {
  const tag = digestTags(digest).find((name) => name.endsWith(".sig"))
  if (tag === undefined) return []
  const found = await reader.registry.resolve({ registry: host, repository, tag })
  return found === undefined ? [] : simpleSignatures(reader, [{ registry: host, repository, digest: found }], digest)
}
