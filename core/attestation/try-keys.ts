// Looks for a trusted key that made one of some signatures over the same bytes.
import { type SignatureFact, unsigned } from "./signature.js"
import type { TrustedKey } from "./trust-store.js"
import { isSignedBy } from "./verify-signature.js"

/** Each try hashes the whole document: 100 signatures and 100 keys would take minutes. */
export const MAX_TRIES = 200

/** `hints` name the key that is said to have made the signature. They are not signed, so they only narrow the search. */
export type ClaimedSignature = { readonly signature: Uint8Array; readonly hints: readonly string[] }

/**
 * One signature by one trusted key is enough. A signature that names trusted keys is tried with those alone: when none
 * verifies, and no other signature does, the document was tampered with.
 */
export function tryKeys(
  bytes: Uint8Array,
  signatures: readonly ClaimedSignature[],
  keys: readonly TrustedKey[],
): SignatureFact {
  if (signatures.length === 0) return unsigned
  const claims = signatures.map((claim) => ({ ...claim, named: keysNamed(claim.hints, keys) }))
  const claimed = claims.flatMap(({ signature, named }) => named.map((key) => ({ signature, key })))
  const open = claims
    .filter(({ named }) => named.length === 0)
    .flatMap(({ signature }) => keys.map((key) => ({ signature, key })))
  const tries = [...claimed, ...open]
  const found = tries.slice(0, MAX_TRIES).find(({ signature, key }) => isSignedBy(key.pem, bytes, signature))
  if (found !== undefined) return verifiedBy(found.key)
  const [first] = claimed
  if (first !== undefined) return invalidFor(first.key)
  return { status: "untrusted", reason: whyUntrusted(signatures, keys, tries.length) }
}

function verifiedBy({ publisher, fingerprint }: TrustedKey): SignatureFact {
  return { status: "verified", publisher, key: fingerprint }
}

function invalidFor({ publisher, fingerprint }: TrustedKey): SignatureFact {
  const whose = publisher === "" ? "our own key" : `a key of ${publisher}`
  return { status: "invalid", reason: `it names ${whose} (${fingerprint}), which did not sign these bytes` }
}

function whyUntrusted(signatures: readonly ClaimedSignature[], keys: readonly TrustedKey[], tries: number): string {
  if (keys.length === 0) return "it is signed, and no key is trusted"
  if (tries > MAX_TRIES)
    return `its signatures and the trusted keys make ${tries} pairs: at most ${MAX_TRIES} are tried`
  if (signatures.every(({ signature }) => signature.length === 0)) return "its signature is empty"
  return "none of the trusted keys signed it"
}

function keysNamed(hints: readonly string[], keys: readonly TrustedKey[]): TrustedKey[] {
  const wanted = new Set(hints.filter((hint) => hint !== ""))
  return wanted.size === 0 ? [] : keys.filter((key) => namesOf(key).some((name) => wanted.has(name)))
}

/** How tools write a key's name: base64 (cosign 3), `SHA256:` and base64 without padding (DSSE in Go), hex. */
function namesOf({ fingerprint }: TrustedKey): string[] {
  const hex = Buffer.from(fingerprint, "base64").toString("hex")
  return [fingerprint, `SHA256:${fingerprint}`, `SHA256:${fingerprint.replace(/=+$/, "")}`, hex, `sha256:${hex}`]
}
