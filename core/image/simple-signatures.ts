// cosign's simple signatures over a manifest: one in each layer, of any number of manifests. Whoever may attach may add
// thousands, so there is one budget for all of them.
import type { SignatureFact } from "../attestation/signature.js"
import { MAX_SIMPLE_SIGNING_BYTES, tooLarge, verifySimpleSigning } from "../attestation/simple-signing.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { contentFailure, type CsscError } from "../errors.js"
import type { Descriptor } from "../oci/descriptor.js"
import type { Digest } from "../oci/digest.js"
import { annotationKeys, mediaTypes } from "../oci/media-types.js"
import type { PinnedReference, Repository } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import { readManifest } from "./read-manifest.js"

/** Manifests, and payloads in all of them together, that are read for one manifest that is signed. */
export const MAX_SIGNATURES = 100

export type SignatureReader = { readonly registry: Pick<Registry, "manifest" | "blob">; readonly trust: TrustStore }

type Carrier = Repository & { readonly digest: Digest }
type Layer = { readonly carrier: Carrier; readonly layer: Descriptor }

/** What the signatures in these manifests say of `subject`; one more says so where not all were read. */
export async function simpleSignatures(
  reader: SignatureReader,
  carriers: readonly Carrier[],
  subject: Digest,
): Promise<SignatureFact[]> {
  const found = await Promise.all(bothEnds(carriers).map((carrier) => layersIn(reader, carrier)))
  const layers = found.flatMap((one) => ("status" in one ? [] : one))
  const [small, large] = [layers.filter(isSmall), layers.filter((one) => !isSmall(one))]
  const read = await Promise.all(bothEnds(small).map((one) => verify(reader, one, subject)))
  const facts = [...read, ...large.map(({ layer }) => tooLarge(layer.size)), ...found.filter((one) => "status" in one)]
  const most = Math.max(carriers.length, small.length)
  return most <= MAX_SIGNATURES ? facts : [...facts, flooded(most)]
}

// Anybody who may attach could else hide whose word it is, such as a retraction, under signatures of their own. One that is
// verified still counts: the best of all facts does.
function flooded(count: number): SignatureFact {
  const reason = `${count} signatures are attached, and none of the ${MAX_SIGNATURES} that were read is by a trusted key`
  return { status: "invalid", reason }
}

/** Registries list the oldest or the newest first. */
function bothEnds<T>(all: readonly T[]): readonly T[] {
  if (all.length <= MAX_SIGNATURES) return all
  return [...all.slice(0, MAX_SIGNATURES / 2), ...all.slice(-MAX_SIGNATURES / 2)]
}

function isSmall({ layer }: Layer): boolean {
  return layer.size <= MAX_SIMPLE_SIGNING_BYTES
}

async function layersIn({ registry }: SignatureReader, carrier: PinnedReference): Promise<Layer[] | SignatureFact> {
  try {
    const manifest = await readManifest(registry, carrier)
    if (manifest.kind === "index") return []
    const simple = manifest.layers.filter(({ mediaType }) => mediaType === mediaTypes.cosignSimpleSigning)
    return simple.map((layer) => ({ carrier, layer }))
  } catch (error) {
    return unreadable(carrier, contentFailure(error))
  }
}

async function verify({ registry, trust }: SignatureReader, one: Layer, subject: Digest): Promise<SignatureFact> {
  const { carrier, layer } = one
  try {
    const signature = layer.annotations[annotationKeys.cosignSignature] ?? ""
    return verifySimpleSigning({ payload: await registry.blob(carrier, layer), signature }, subject, trust)
  } catch (error) {
    return unreadable(carrier, contentFailure(error))
  }
}

function unreadable(carrier: Carrier, { reason }: CsscError): SignatureFact {
  return { status: "untrusted", reason: `the signature ${carrier.digest} cannot be read: ${reason}` }
}
