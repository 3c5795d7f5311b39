// cosign's simple signing: a layer names the digest that is signed, an annotation on it has the signature over the
// layer. Docker Hardened Images sign their attestation manifests so.
// https://github.com/sigstore/cosign/blob/v3.1.3/specs/SIGNATURE_SPEC.md
import { z } from "zod"
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { checkSchema, parseJson } from "../oci/json.js"
import type { SignatureFact } from "./signature.js"
import type { TrustStore } from "./trust-store.js"
import { tryKeys } from "./try-keys.js"

/** They have less than 2 KiB, with annotations of the signer's own. */
export const MAX_SIMPLE_SIGNING_BYTES = 64 * 1024
const maxSignatureLength = 4096
const maxDepth = 20

export type SimpleSigning = {
  /** The layer, as it is. */
  readonly payload: Uint8Array
  /** The layer's annotation `dev.cosignproject.cosign/signature`, in base64. */
  readonly signature: string
}

const payloadSchema = z.object({
  critical: z.object({
    type: z.literal("cosign container image signature"),
    image: z.object({ "docker-manifest-digest": z.string().max(200) }),
  }),
})

/** Says who signed a manifest; a right signature over another digest is `invalid`. Never throws. */
export function verifySimpleSigning(signed: SimpleSigning, subject: Digest, trust: TrustStore): SignatureFact {
  if (signed.payload.byteLength > MAX_SIMPLE_SIGNING_BYTES) return tooLarge(signed.payload.byteLength)
  const signature = decodeSignature(signed.signature)
  if (signature === undefined) return { status: "untrusted", reason: "its signature is not base64" }
  const fact = tryKeys(signed.payload, [{ signature, hints: [] }], trust.keys)
  if (fact.status !== "verified") return fact
  const problem = payloadProblem(signed.payload, subject)
  return problem === undefined ? fact : { status: "invalid", reason: problem }
}

/** What is said of a payload that is larger than is read. */
export function tooLarge(bytes: number): SignatureFact {
  return { status: "untrusted", reason: `its payload has ${bytes} bytes: at most ${MAX_SIMPLE_SIGNING_BYTES} are read` }
}

function payloadProblem(payload: Uint8Array, subject: Digest): string | undefined {
  try {
    const what = "its payload"
    const value = parseJson(payload, { code: "SIGNATURE_INVALID", what, maxBytes: MAX_SIMPLE_SIGNING_BYTES, maxDepth })
    const { critical } = checkSchema(payloadSchema, value, "SIGNATURE_INVALID", what)
    const signed = critical.image["docker-manifest-digest"]
    return signed === subject ? undefined : `it signs another digest: expected ${subject}, got ${signed}`
  } catch (error) {
    if (error instanceof CsscError) return error.reason
    throw error
  }
}

/** Only base64 with its padding, as cosign writes it: what decoders guess differs. */
function decodeSignature(text: string): Uint8Array | undefined {
  if (text.length > maxSignatureLength) return undefined
  const bytes = Buffer.from(text, "base64")
  return bytes.toString("base64") === text ? bytes : undefined
}
