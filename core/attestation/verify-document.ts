// Reads an attestation and says who signed it. What is verified are the very bytes that are read: one parse for both.
// https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md
import { dsse } from "@sigstore/core"
import { isRecord } from "../oci/json.js"
import type { DsseEnvelope } from "./dsse.js"
import { type SignatureFact, unsigned } from "./signature.js"
import type { TrustStore } from "./trust-store.js"
import { tryKeys } from "./try-keys.js"
import { openAttestation, type Unwrapped } from "./unwrap.js"
import { verifyIdentity } from "./verify-identity.js"

export type VerifiedDocument = Unwrapped & { readonly signature: SignatureFact }

/**
 * Reads a Sigstore bundle, a DSSE envelope or something bare; throws what `unwrap` throws and nothing else: a signature
 * that does not verify is a fact, not a failure.
 *
 * Log entries and timestamps beside a public key are not looked at: a log proves when something was signed, which
 * matters for certificates that live ten minutes, and not for a key that is trusted until it is taken from the policy.
 */
export function verifyDocument(content: Uint8Array | string, trust: TrustStore, what?: string): VerifiedDocument {
  const { unwrapped, dsse: envelope, bundle } = openAttestation(content, what ?? "the attestation")
  if (envelope === undefined) return { ...unwrapped, signature: unsigned }
  const byKey = verifyEnvelope(envelope, keyHint(bundle?.verificationMaterial), trust)
  const byIdentity = byKey.status === "untrusted" && bundle !== undefined ? verifyIdentity(bundle, trust) : undefined
  return { ...unwrapped, signature: byIdentity ?? byKey }
}

/** The signatures are over the payload's type and bytes together (PAE). */
function verifyEnvelope({ payloadType, payload, signatures }: DsseEnvelope, hint: string, trust: TrustStore) {
  const bytes = dsse.preAuthEncoding(payloadType, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength))
  const claims = signatures.map(({ sig, keyid }) => ({ signature: Buffer.from(sig, "base64"), hints: [keyid, hint] }))
  return tryKeys(bytes, claims, trust.keys)
}

/** `publicKey.hint` of a bundle, "" when it has none; in documents from outside it can be anything. */
function keyHint(material: unknown): string {
  const key = isRecord(material) ? material.publicKey : undefined
  return isRecord(key) && typeof key.hint === "string" ? key.hint : ""
}
