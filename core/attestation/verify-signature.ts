// One signature over some bytes by one key, with the hash that cosign takes for that key.
// https://github.com/sigstore/sigstore/blob/v1.10.8/pkg/signature/algorithm_registry.go
import { createPublicKey, type KeyObject } from "node:crypto"
import { crypto } from "@sigstore/core"

/** The first is what is signed with; `undefined`: the algorithm hashes by itself (Ed25519). */
type Hashes = readonly [string | undefined, ...string[]]

// Clients before 2025 took SHA-256 for every curve; sigstore-go accepts both too (`compatVerifier`).
const curveHashes: Readonly<Record<string, Hashes>> = {
  prime256v1: ["sha256"],
  secp384r1: ["sha384", "sha256"],
  secp521r1: ["sha512", "sha256"],
}

export function hashesOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): Hashes {
  if (type === "ed25519") return [undefined]
  return curveHashes[details?.namedCurve ?? ""] ?? ["sha256"]
}

/** Tells whether a key made a signature (ASN.1 for ECDSA, PKCS#1 v1.5 for RSA) over bytes; never throws. */
export function isSignedBy(pem: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey(pem)
  const [data, sig] = [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), Buffer.from(signature)]
  return hashesOf(key).some((hash) => crypto.verify(data, key, sig, hash))
}
