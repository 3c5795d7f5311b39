// Who signed an attached document. The envelope says so itself; a bare statement may have signatures of cosign's
// attached to its manifest, which is how Docker Hardened Images do it.
import { type SignatureFact, unsigned } from "../attestation/signature.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { verifyDocument } from "../attestation/verify-document.js"
import { contentFailure } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { isCosignSignatureMediaType, isSignatureMediaType } from "../oci/media-types.js"
import type { Repository } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import { type SignatureReader, simpleSignatures } from "./simple-signatures.js"

/** A manifest with what is attached to it. */
export type Carrier = Repository & { readonly digest: Digest; readonly referrers: readonly Referrer[] }

/** The signature on a document: in its envelope, or on the manifest that carries it. */
export async function documentSignature(
  reader: SignatureReader,
  carrier: Carrier,
  content: Uint8Array,
): Promise<SignatureFact> {
  const own = envelopeSignature(content, reader.trust)
  if (own.status !== "unsigned") return own
  return manifestSignature(reader, carrier)
}

/** cosign's signatures on a manifest, the best of them; without a trusted key nothing is fetched. */
export async function manifestSignature(
  reader: SignatureReader,
  { digest, referrers, ...repository }: Carrier,
): Promise<SignatureFact> {
  const signed = referrers.filter(({ artifactType }) => isSignatureMediaType(artifactType))
  if (signed.length === 0) return unsigned
  if (reader.trust.keys.length === 0) return { status: "untrusted", reason: "it is signed, and no key is trusted" }
  const ours = signed.filter(({ artifactType }) => isCosignSignatureMediaType(artifactType))
  const carriers = ours.map((one) => ({ ...repository, digest: one.digest }))
  return best(await simpleSignatures(reader, carriers, digest))
}

/** The one that says most: a verified signature counts, whatever is beside it; a broken one is told before a foreign one. */
export function best(facts: readonly SignatureFact[]): SignatureFact {
  const order = ["verified", "invalid", "untrusted", "unsigned"] as const
  return (
    order.map((status) => facts.find((fact) => fact.status === status)).find((fact) => fact !== undefined) ?? unsigned
  )
}

function envelopeSignature(content: Uint8Array, trust: TrustStore): SignatureFact {
  try {
    return verifyDocument(content, trust, "the attestation").signature
  } catch (error) {
    contentFailure(error) // whoever reads the document says what is wrong with it
    return unsigned
  }
}
