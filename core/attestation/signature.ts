// What is known of a document's signature. A fact about the bytes, told with the key, so that another policy can judge
// it again later.

/**
 * `verified`: a key that is trusted signed these bytes. `unsigned`: nobody did. `untrusted`: signed, by nobody we know.
 * `invalid`: it claims a trusted key and does not verify, so it was tampered with.
 */
export const signatureStatuses = ["verified", "unsigned", "untrusted", "invalid"] as const
export type SignatureStatus = (typeof signatureStatuses)[number]

export type SignatureFact = {
  readonly status: SignatureStatus
  /** Who the key belongs to, as the policy or `withTrustedKey` names it; "" is ourselves. Only when verified. */
  readonly publisher?: string
  /** SHA-256 of the public key's PKIX DER in base64, as cosign's key hint; or `issuer subject` of a keyless identity. */
  readonly key?: string
  /** Why it is untrusted or invalid, for people. */
  readonly reason?: string
}

export const unsigned: SignatureFact = { status: "unsigned" }
