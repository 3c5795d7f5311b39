// Who signed an attached document. The envelope says so itself; a bare statement may have signatures of cosign's
// attached to its manifest, which is how Docker Hardened Images do it.
import { MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { type SignatureFact, unsigned } from "../attestation/signature.js"
import { verifySimpleSigning } from "../attestation/simple-signing.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { verifyDocument } from "../attestation/verify-document.js"
import { contentFailure } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import type { ImageManifest } from "../oci/manifest.js"
import { annotationKeys, isSignatureMediaType, mediaTypes } from "../oci/media-types.js"
import type { Repository } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import type { Registry } from "../ports.js"
import { readManifest } from "./read-manifest.js"

/** Signatures looked at on one manifest, and layers of each; a hostile one could have thousands. */
export const MAX_SIGNATURES = 100

export type SignatureReader = { readonly registry: Pick<Registry, "manifest" | "blob">; readonly trust: TrustStore }

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
  const facts = await Promise.all(
    signed
      .slice(0, MAX_SIGNATURES)
      .map((one) => simpleSignatures(reader, { ...repository, digest: one.digest }, digest)),
  )
  const found = best(facts.flat())
  return found.status === "verified" || signed.length <= MAX_SIGNATURES ? found : flooded(signed.length)
}

// Anybody who may attach could else hide whose word it is, such as a retraction, under signatures of their own.
function flooded(count: number): SignatureFact {
  const reason = `${count} signatures are attached, and none of the ${MAX_SIGNATURES} that were read is by a trusted key`
  return { status: "invalid", reason }
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

/** The signatures in one manifest of cosign's over the manifest `subject`. */
export async function simpleSignatures(
  { registry, trust }: SignatureReader,
  carrier: Repository & { readonly digest: Digest },
  subject: Digest,
): Promise<SignatureFact[]> {
  try {
    const manifest = await readManifest(registry, carrier)
    if (manifest.kind === "index") return []
    return await Promise.all(
      layersOf(manifest).map(async (layer) => {
        const signature = layer.annotations[annotationKeys.cosignSignature] ?? ""
        return verifySimpleSigning({ payload: await registry.blob(carrier, layer), signature }, subject, trust)
      }),
    )
  } catch (error) {
    const { reason } = contentFailure(error)
    return [{ status: "untrusted", reason: `the signature ${carrier.digest} cannot be read: ${reason}` }]
  }
}

// cosign adds the newest at the end.
function layersOf({ layers }: ImageManifest): ImageManifest["layers"] {
  const simple = layers.filter(({ mediaType }) => mediaType === mediaTypes.cosignSimpleSigning)
  return simple.filter(({ size }) => size <= MAX_ATTESTATION_BYTES).slice(-MAX_SIGNATURES)
}
