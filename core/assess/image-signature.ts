// Who signed the image itself: cosign's bundles and simple signatures, as referrers or under its signature tag.
import { type SignatureFact } from "../attestation/signature.js"
import { subjectMatches } from "../attestation/statement.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { verifyDocument } from "../attestation/verify-document.js"
import { CsscError } from "../errors.js"
import { digestTags } from "../oci/reserved-tags.js"
import type { PinnedReference } from "../oci/reference.js"
import {
  type AttachedDocument,
  type DocumentReader,
  listReferrers,
  placesOf,
  readPlace,
} from "../image/attached-documents.js"
import type { ImageGraph } from "../image/image-graph.js"
import { best, manifestSignature, simpleSignatures } from "../image/signatures.js"

/** What cosign 3 writes when it signs an image: a statement without a predicate. */
export const cosignSignType = "https://sigstore.dev/cosign/sign/v1"

/** The best signature on the index, or on a single image. */
export async function imageSignature(
  registry: DocumentReader,
  trust: TrustStore,
  { reference, manifest }: ImageGraph,
): Promise<SignatureFact> {
  const tree = await listReferrers(registry, reference, manifest)
  const { registry: host, repository, digest } = reference
  const subject = { registry: host, repository, digest, referrers: tree?.referrers ?? [] }
  const [attached, bundles, tagged] = await Promise.all([
    manifestSignature(registry, trust, subject),
    bundleSignatures(registry, trust, reference, manifest),
    taggedSignatures(registry, trust, reference),
  ])
  return best([attached, ...bundles, ...tagged])
}

async function bundleSignatures(
  registry: DocumentReader,
  trust: TrustStore,
  reference: PinnedReference,
  manifest: ImageGraph["manifest"],
): Promise<SignatureFact[]> {
  const tree = await listReferrers(registry, reference, manifest)
  const places = tree === undefined ? [] : placesOf(tree, manifest, cosignSignType)
  const read = await Promise.all(places.map((place) => readPlace(registry, trust, reference, place, cosignSignType)))
  return read.flatMap(({ documents }) => documents.flatMap((one) => bundleSignature(one, trust, reference)))
}

function bundleSignature(
  { content, manifest }: AttachedDocument,
  trust: TrustStore,
  { digest }: PinnedReference,
): SignatureFact[] {
  if (!(content instanceof Uint8Array) || manifest.subject?.digest !== digest) return []
  try {
    const { statement, signature } = verifyDocument(content, trust, "the signature")
    if (statement?.predicateType !== cosignSignType) return []
    if (subjectMatches(statement, digest)) return [signature]
    // A stranger's signature of something else says nothing about anybody whom the policy trusts.
    const claims = signature.status === "verified" || signature.status === "invalid"
    return [{ status: claims ? "invalid" : "untrusted", reason: "the signature is about another image" }]
  } catch (error) {
    if (error instanceof CsscError) return [{ status: "untrusted", reason: error.reason }]
    throw error
  }
}

async function taggedSignatures(
  registry: DocumentReader,
  trust: TrustStore,
  { registry: host, repository, digest }: PinnedReference,
): Promise<SignatureFact[]> {
  const tag = digestTags(digest).find((name) => name.endsWith(".sig"))
  if (tag === undefined) return []
  const found = await registry.resolve({ registry: host, repository, tag })
  return found === undefined
    ? []
    : simpleSignatures(registry, trust, { registry: host, repository, digest: found }, digest)
}
