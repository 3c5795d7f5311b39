// Keyless signatures: by a certificate of a few minutes that says who signed. The certificate must come from an authority
// of the trust root and be in its log, and the log must have seen the signature while the certificate was valid.
// https://docs.sigstore.dev/about/security/
import { bundleFromJSON } from "@sigstore/bundle"
import { type SignedEntity, toSignedEntity, Verifier } from "@sigstore/verify"
import { z } from "zod"
import { isRecord } from "../oci/json.js"
import type { SignatureFact } from "./signature.js"
import type { TrustRoot } from "./trust-root.js"
import { identityName, type TrustedIdentity, type TrustStore } from "./trust-store.js"

// An honest bundle has one of each; the library compares all timestamps with each other.
const few = z.array(z.unknown()).max(16).nullish()
const materialSchema = z.object({
  tlogEntries: few,
  x509CertificateChain: z.object({ certificates: few }).nullish(),
  timestampVerificationData: z.object({ rfc3161Timestamps: few }).nullish(),
})

type Bundle = { readonly value: unknown; readonly verificationMaterial: unknown }

/** Who signed a bundle, when it was with a certificate and identities are trusted; never throws. */
export function verifyIdentity({ value, verificationMaterial }: Bundle, trust: TrustStore): SignatureFact | undefined {
  const { identities, root } = trust
  if (identities.length === 0 || !hasCertificate(verificationMaterial)) return undefined
  if (root === undefined) return untrusted("it is signed with a certificate, and there is no trust root")
  if (!materialSchema.safeParse(verificationMaterial).success) {
    return untrusted("it has more certificates, log entries or timestamps than are looked at")
  }
  const entity = signedEntity(value)
  if (typeof entity === "string") return untrusted(`its certificate or log entry cannot be read: ${entity}`)
  return judge(entity, identities, root)
}

function judge(entity: SignedEntity, identities: readonly TrustedIdentity[], { material }: TrustRoot): SignatureFact {
  try {
    // One log entry, one certificate log's receipt and one timestamp, each verified: the defaults, said aloud. A root that
    // names no log is of a private instance without one: a timestamp authority alone says when.
    const tlogThreshold = material.tlogs.length > 0 ? 1 : 0
    const thresholds = { tlogThreshold, ctlogThreshold: 1, timestampThreshold: 1 }
    const { identity } = new Verifier(material, thresholds).verify(entity)
    const [subject = "", issuer = ""] = [identity?.subjectAlternativeName, identity?.extensions?.issuer]
    const found = identities.find((one) => one.issuer === issuer && one.subject === subject)
    if (found !== undefined) return { status: "verified", publisher: found.publisher, key: identityName(found) }
    return untrusted(`it is signed by ${subject} (${issuer}), whom nobody trusts`.slice(0, 500))
  } catch (error) {
    const claimed = claimedSubject(entity)
    const found = identities.find(({ subject }) => subject === claimed)
    const reason = `its certificate, log entry or signature does not verify: ${firstLine(error)}`
    return found === undefined
      ? untrusted(reason)
      : { status: "invalid", reason: `it names ${found.subject}; ${reason}` }
  }
}

function hasCertificate(material: unknown): boolean {
  return isRecord(material) && (isRecord(material.certificate) || isRecord(material.x509CertificateChain))
}

/** The library reads the payload from the same value once more, with the same decoder. */
function signedEntity(value: unknown): SignedEntity | string {
  try {
    const entity = toSignedEntity(bundleFromJSON(value))
    return entity.key.$case === "certificate" ? entity : "a public key is beside the certificate"
  } catch (error) {
    return firstLine(error)
  }
}

/** What the certificate claims; nothing of it is verified. */
function claimedSubject({ key }: SignedEntity): string | undefined {
  try {
    return key.$case === "certificate" ? key.certificate.subjectAltName : undefined
  } catch {
    return undefined // an extension that cannot be read
  }
}

function untrusted(reason: string): SignatureFact {
  return { status: "untrusted", reason }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : "unknown").split("\n", 1).join("").slice(0, 200)
}
