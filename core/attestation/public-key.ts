// Public keys that signatures are verified with. https://docs.sigstore.dev/cosign/system_config/specifications/
import { createHash, createPublicKey, type KeyObject } from "node:crypto"
import { CsscError } from "../errors.js"

/** A key, and its name: SHA-256 of its PKIX DER in base64, which is also cosign's key hint. */
export type PublicKey = { readonly pem: string; readonly fingerprint: string }

const maxPemLength = 16_384
/** What cosign signs with; RSA from 2048 bits. */
const curves: ReadonlySet<string> = new Set(["prime256v1", "secp384r1", "secp521r1"])

/** Reads a public key in PEM; throws `KEY_INVALID`. A private key is refused, so that none ends up in a policy. */
export function readPublicKey(pem: string, what = "the public key"): PublicKey {
  const problem = publicKeyProblem(pem)
  if (problem !== undefined) throw new CsscError("KEY_INVALID", `${what} ${problem}`)
  const der = createPublicKey(pem).export({ type: "spki", format: "der" })
  return { pem: pem.trim(), fingerprint: createHash("sha256").update(der).digest("base64") }
}

/** Why a text is no usable public key, if it is none; never quotes it. */
export function publicKeyProblem(pem: string): string | undefined {
  if (pem.length > maxPemLength) return `is longer than ${maxPemLength} characters`
  if (/PRIVATE KEY/.test(pem)) return "is a private key: only the public half belongs here, and this one is exposed now"
  if (!/-----BEGIN PUBLIC KEY-----/.test(pem)) return "is not a public key in PEM (-----BEGIN PUBLIC KEY-----)"
  try {
    return weakness(createPublicKey(pem))
  } catch {
    return "cannot be read as a public key in PEM"
  }
}

function weakness(key: KeyObject): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === "ed25519") return undefined
  if (type === "ec") {
    const curve = details?.namedCurve ?? "unknown"
    return curves.has(curve) ? undefined : `is on the curve ${curve}: expected P-256, P-384 or P-521`
  }
  if (type === "rsa") return (details?.modulusLength ?? 0) >= 2048 ? undefined : "is RSA with less than 2048 bits"
  return `is of type ${type ?? "unknown"}: expected ECDSA, Ed25519 or RSA`
}
