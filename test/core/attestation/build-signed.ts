// Keys and signed documents for tests, made with Node's own cryptography rather than with the code that is tested.
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { type PublicKey, readPublicKey } from "../../../core/attestation/public-key.js"
import { type TrustStore, trustStore } from "../../../core/attestation/trust-store.js"
import { aDigest } from "../oci/fixture.js"

export type TestKey = { readonly pem: string; readonly key: KeyObject; readonly publicKey: PublicKey }

export type Algorithm = "P-256" | "P-384" | "P-521" | "Ed25519" | "RSA"

export function aKey(algorithm: Algorithm = "P-256"): TestKey {
  const { privateKey: key, publicKey } = pairOf(algorithm)
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString()
  return { pem, key, publicKey: readPublicKey(publicKey.export({ type: "spki", format: "pem" }).toString()) }
}

function pairOf(algorithm: Algorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  if (algorithm === "RSA") return generateKeyPairSync("rsa", { modulusLength: 2048 })
  return algorithm === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: algorithm })
}

/** A store in which each key belongs to the publisher of that name. */
export function trusting(publishers: Readonly<Record<string, TestKey>>): TrustStore {
  return trustStore({ keys: Object.entries(publishers).map(([publisher, key]) => ({ ...key.publicKey, publisher })) })
}

export const subject = aDigest("platform")

export function aStatement(predicate: unknown = { approved: true }) {
  const subjects = [{ name: "app", digest: { sha256: subject.slice("sha256:".length) } }]
  const type = "https://in-toto.io/Statement/v1"
  return { _type: type, subject: subjects, predicateType: "https://example.com/review/v1", predicate }
}

export type SignOptions = { readonly keyid?: string; readonly hash?: string | null; readonly payloadType?: string }

/** The encoding of the DSSE specification, written out once more. */
export function preAuth(payloadType: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `
  return Buffer.concat([Buffer.from(head), payload])
}

export function signatureOver(payload: string, { key }: TestKey, options: SignOptions = {}) {
  const hash = options.hash === undefined ? (key.asymmetricKeyType === "ed25519" ? null : "sha256") : options.hash
  const bytes = preAuth(options.payloadType ?? "application/vnd.in-toto+json", Buffer.from(payload))
  return {
    ...(options.keyid === undefined ? {} : { keyid: options.keyid }),
    sig: sign(hash, bytes, key).toString("base64"),
  }
}

export function anEnvelope(payload: string, signatures: readonly unknown[]) {
  const encoded = Buffer.from(payload).toString("base64")
  return { payloadType: "application/vnd.in-toto+json", payload: encoded, signatures }
}

export function aBundle(dsseEnvelope: unknown, hint?: string, mediaType: string = bundleTypes[2]) {
  const publicKey = hint === undefined ? {} : { hint }
  return { mediaType, verificationMaterial: { publicKey, tlogEntries: [] }, dsseEnvelope }
}

export const bundleTypes = [
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "application/vnd.dev.sigstore.bundle.v0.3+json",
] as const
