// What we sign must verify, here and with sigstore's own reader; cosign's word is in test/contract.
import { createPrivateKey, createPublicKey, generateKeyPairSync, scryptSync } from "node:crypto"
import { secretbox } from "@noble/ciphers/salsa.js"
import { bundleFromJSON } from "@sigstore/bundle"
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify"
import { describe, expect, it } from "vitest"
import { createSigner } from "../../../core/attestation/signer.js"
import { trustStore } from "../../../core/attestation/trust-store.js"
import { verifyDocument } from "../../../core/attestation/verify-document.js"
import { canonicalJson } from "../../../core/findings/canonical-json.js"
import { expectCode } from "../oci/fixture.js"
import { aKey, type Algorithm, aStatement } from "./build-signed.js"

const statement = canonicalJson(aStatement({ text: "ÿþ𝄞" }))
const key = aKey()

describe("a signed statement", () => {
  it.each<Algorithm>(["P-256", "P-384", "P-521", "Ed25519", "RSA"])("verifies: %s", (algorithm) => {
    const { pem, publicKey } = aKey(algorithm)
    const signer = createSigner(pem)
    expect(signer.publicKey).toEqual(publicKey)
    const found = verifyDocument(signer.sign(statement), trustStore({ keys: [{ ...publicKey, publisher: "" }] }))
    expect(found).toMatchObject({ envelope: "bundle", statement: JSON.parse(statement) })
    expect(found.signature).toEqual({ status: "verified", publisher: "", key: publicKey.fingerprint })
  })

  it.each<Algorithm>(["P-256", "Ed25519", "RSA"])("verifies with sigstore's own client: %s", (algorithm) => {
    const { pem, publicKey } = aKey(algorithm)
    const bundle = bundleFromJSON(JSON.parse(createSigner(pem).sign(statement)))
    const noRoot = { mediaType: "", tlogs: [], ctlogs: [], certificateAuthorities: [], timestampAuthorities: [] }
    const finder = (hint: string) => {
      expect(hint).toBe(publicKey.fingerprint)
      return { publicKey: createPublicKey(publicKey.pem), validFor: () => true }
    }
    const material = toTrustMaterial(noRoot, finder)
    const verifier = new Verifier(material, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 })
    expect(verifier.verify(toSignedEntity(bundle)).key.export({ type: "spki", format: "pem" })).toContain(publicKey.pem)
  })

  it("is a bundle as cosign 3 expects it, in canonical JSON, around exactly the bytes that were given", () => {
    const json = createSigner(key.pem).sign(statement)
    expect(json).toBe(canonicalJson(JSON.parse(json)))
    expect(JSON.parse(json)).toEqual({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: key.publicKey.fingerprint }, tlogEntries: [] },
      dsseEnvelope: {
        payload: Buffer.from(statement).toString("base64"),
        payloadType: "application/vnd.in-toto+json",
        signatures: [{ sig: expect.stringMatching(/^[A-Za-z0-9+/]+={0,2}$/) }],
      },
    })
  })
})

describe("a private key", () => {
  const pkcs8 = key.key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open" }).toString()
  const cosign = aCosignKey({})

  it.each([
    ["in PKCS#8", key.pem, undefined],
    ["in PKCS#8, with a password that it does not need", key.pem, "none"],
    ["in PKCS#8 with text around it", `my key\r\n${key.pem.replaceAll("\n", "\r\n")}\r\n`, undefined],
    ["in encrypted PKCS#8", pkcs8, "open"],
    ["of cosign", cosign, "open"],
    ["of cosign before version 2", aCosignKey({ label: "ENCRYPTED COSIGN PRIVATE KEY", N: 32_768 }), "open"],
    ["of cosign with OWASP's strength", aCosignKey({ N: 131_072 }), "open"],
    ["of cosign with the empty password", aCosignKey({ password: "" }), ""],
  ])("is read: %s", (_name, pem, password) => {
    expect(createSigner(pem, password).publicKey).toEqual(key.publicKey)
  })

  const ec = key.key.export({ type: "sec1", format: "pem" }).toString()
  const rsa = aKey("RSA").key.export({ type: "pkcs1", format: "pem" }).toString()
  const odd = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey
  const x25519 = generateKeyPairSync("x25519").privateKey
  const exported = (one: typeof odd) => one.export({ type: "pkcs8", format: "pem" }).toString()
  it.each<[string, string, string | undefined, RegExp]>([
    ["empty text", "", undefined, /is not PEM: expected PKCS#8 in PEM.*or cosign's "ENCRYPTED SIGSTORE PRIVATE KEY"/],
    ["JSON", "{}", undefined, /is not PEM/],
    ["half a key", key.pem.slice(0, 120), undefined, /is not PEM/],
    ["the public key", key.publicKey.pem, undefined, /is a public key: signing needs the private key/],
    ["a certificate", pemOf("CERTIFICATE", Buffer.from("x")), undefined, /is a certificate: signing needs/],
    ["a key in SEC1", ec, undefined, /is "EC PRIVATE KEY": expected PKCS#8.*openssl pkcs8 -topk8/],
    ["a key in PKCS#1", rsa, undefined, /is "RSA PRIVATE KEY": expected PKCS#8/],
    ["a key of SSH", pemOf("OPENSSH PRIVATE KEY", Buffer.from("x")), undefined, /is "OPENSSH PRIVATE KEY"/],
    ["two keys", `${key.pem}\n${key.pem}`, undefined, /more than one PEM block/],
    ["a damaged key", pemOf("PRIVATE KEY", Buffer.from("noise")), undefined, /is damaged/],
    ["another curve", exported(odd), undefined, /curve secp256k1: expected P-256, P-384 or P-521/],
    ["a key that cannot sign", exported(x25519), undefined, /of type x25519/],
    ["a weak RSA key", exported(weak), undefined, /less than 2048 bits/],
    ["an encrypted key without password", pkcs8, undefined, /is encrypted: pass its password/],
    ["a wrong password", pkcs8, "shut", /cannot be decrypted: the password is wrong/],
    ["an empty password", pkcs8, "", /cannot be decrypted: the password is wrong/],
    ["cosign's key without password", cosign, undefined, /is encrypted: pass its password/],
    ["cosign's key with a wrong password", cosign, "shut", /cannot be decrypted: the password is wrong/],
    ["cosign's key with another content", aCosignKey({ content: Buffer.from("words") }), "open", /holds no PKCS#8 key/],
    ["cosign's label around noise", pemOf("ENCRYPTED SIGSTORE PRIVATE KEY", Buffer.from("{")), "open", /\(all of it\)/],
    ["an scrypt that takes days", aCosignKey({ N: 2 ** 15, claim: { N: 2 ** 40 } }), "open", /kdf\.params\.N/],
    ["an scrypt that takes all memory", aCosignKey({ claim: { r: 2 ** 20 } }), "open", /kdf\.params\.r/],
    ["an scrypt that never ends", aCosignKey({ claim: { p: 2 ** 30 } }), "open", /kdf\.params\.p/],
    ["another cipher", aCosignKey({ cipher: "none" }), "open", /cipher\.name/],
    ["a short nonce", aCosignKey({ nonceLength: 8 }), "open", /cipher\.nonce/],
    ["a text without end", "A".repeat(100_000), undefined, /longer than 65536/],
  ])("is refused: %s", (_name, pem, password, message) => {
    expectCode(() => createSigner(pem, password), "KEY_INVALID", message)
  })

  it("never shows up in an error, nor does its password", () => {
    const secrets = [...key.pem.split("\n").filter((line) => /^[A-Za-z0-9+/=]{20,}$/.test(line)), "pass phrase 1"]
    const attempts = [ec, pkcs8, cosign, `${key.pem}${key.pem}`, key.pem.replace("MIG", "MIH"), damaged(cosign)]
    for (const pem of attempts) {
      const error = thrown(() => createSigner(pem, "pass phrase 1"))
      const told = `${error.message}${error.stack}${String(error.cause)}`
      expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
    }
  })
})

type CosignKey = {
  readonly label?: string
  readonly password?: string
  readonly N?: number
  readonly claim?: Readonly<Record<string, number>>
  readonly cipher?: string
  readonly nonceLength?: number
  readonly content?: Buffer
}

/** As go-securesystemslib's `encrypted` writes it. */
function aCosignKey(options: CosignKey): string {
  const {
    label = "ENCRYPTED SIGSTORE PRIVATE KEY",
    password = "open",
    N = 65_536,
    claim = {},
    nonceLength = 24,
  } = options
  const [salt, nonce] = [Buffer.alloc(32, 1), Buffer.alloc(24, 2)]
  const params = { N, r: 8, p: 1 }
  const secret = scryptSync(password, salt, 32, { ...params, maxmem: 256 * N * 8 })
  const der = options.content ?? createPrivateKey(key.pem).export({ type: "pkcs8", format: "der" })
  const ciphertext = Buffer.from(secretbox(secret, nonce).seal(der)).toString("base64")
  const kdf = { name: "scrypt", params: { ...params, ...claim }, salt: salt.toString("base64") }
  const cipher = { name: options.cipher ?? "nacl/secretbox", nonce: nonce.subarray(0, nonceLength).toString("base64") }
  return pemOf(label, Buffer.from(JSON.stringify({ kdf, cipher, ciphertext })))
}

function pemOf(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n")
}

function damaged(pem: string): string {
  return pem.replace(/\n(.)/, (_, first: string) => `\n${first === "A" ? "B" : "A"}`)
}

function thrown(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error("nothing was thrown")
}
