// What is known of a document's signature. A fact about the bytes, told with the key, so that another policy can judge
// it again later.
import { z } from "zod"
import { text } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"

/**
 * `verified`: a key that is trusted signed these bytes. `unsigned`: nobody did. `untrusted`: signed, by nobody we know.
 * `invalid`: it claims a trusted key and does not verify, so it was tampered with.
 */
export const signatureStatuses = ["verified", "unsigned", "untrusted", "invalid"] as const

export const signatureSchema = z.strictObject({
  status: z.enum(signatureStatuses),
  /** Who the key belongs to, as the policy or `with-trusted-key` names it; "" is ourselves. Only when verified. */
  publisher: text.exactOptional(),
  /** SHA-256 of the public key's PKIX DER in base64, as cosign's key hint; or `issuer subject` of a keyless identity. */
  key: text.exactOptional(),
  /** Why it is untrusted or invalid, for people. */
  reason: text.exactOptional(),
})
export type SignatureFact = Immutable<z.infer<typeof signatureSchema>>
export type SignatureStatus = SignatureFact["status"]

export const unsigned: SignatureFact = { status: "unsigned" }
