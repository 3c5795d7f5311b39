// Keyless signatures, recorded from Sigstore's public instance: every link of the chain is broken once.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseTrustRoot } from "../../../core/attestation/trust-root.js"
import { trustStore } from "../../../core/attestation/trust-store.js"
import { verifyDocument } from "../../../core/attestation/verify-document.js"
import { CsscError } from "../../../core/errors.js"
import { expectCode, fixture } from "../oci/fixture.js"
import { aKey } from "./build-signed.js"

const issuer = "https://github.com/login/oauth"
const subject = "cody@soyland.com"
const rootFile = fixture("sigstore/trusted-root-public-good.json")
const root = parseTrustRoot(rootFile)
const recorded = fixture("sigstore/cosign-oci-attestation.bundle.json").toString()
const acme = { publisher: "acme", issuer, subject }
const trust = trustStore({ identities: [acme], root })
const verified = { status: "verified", publisher: "acme", key: `${issuer} ${subject}` }

type Json = Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any
const changed = (change: (bundle: Json) => void): string => {
  const bundle = JSON.parse(recorded)
  change(bundle)
  return JSON.stringify(bundle)
}
const rootWithout = (...keys: string[]) => {
  const document = JSON.parse(rootFile.toString())
  for (const key of keys)
    document[key] = JSON.parse(JSON.stringify(document[key]).replaceAll(/[A-Z]{2}(?=[a-z])/g, "AA"))
  return document
}

describe("a keyless signature", () => {
  it("counts by issuer and subject, without looking at the time of day", () => {
    expect(verifyDocument(recorded, trust)).toMatchObject({ envelope: "bundle", signature: verified })
  })

  it("counts in another tool's bundle too, each by its own identity", () => {
    const other = { publisher: "other", issuer, subject: "thomas.grininger@ringodev.com" }
    const both = trustStore({ identities: [acme, other], root })
    const found = verifyDocument(fixture("trivy/sbom-sigstore-bundle-v0.3.json"), both)
    expect(found.signature).toMatchObject({ status: "verified", publisher: "other" })
    expect(verifyDocument(recorded, both).signature).toEqual(verified)
  })

  it.each([
    ["another subject", { subject: "cody@soyland.com.example" }],
    ["part of the subject", { subject: "soyland.com" }],
    ["a pattern", { subject: ".*" }],
    ["the subject in capitals", { subject: "CODY@soyland.com" }],
    ["another issuer", { issuer: "https://github.com/login" }],
    ["no issuer", { issuer: "" }],
  ])("is untrusted for %s, and says who signed", (_name, other) => {
    const store = trustStore({ identities: [{ ...acme, ...other }], root })
    const reason = `it is signed by ${subject} (${issuer}), whom nobody trusts`
    expect(verifyDocument(recorded, store).signature).toEqual({ status: "untrusted", reason })
  })

  it("is untrusted by name without a root, and by keys alone", () => {
    const reason = "it is signed with a certificate, and there is no trust root"
    expect(verifyDocument(recorded, trustStore({ identities: [acme] })).signature).toEqual({
      status: "untrusted",
      reason,
    })
    const keys = trustStore({ keys: [{ ...aKey().publicKey, publisher: "acme" }], root })
    expect(verifyDocument(recorded, keys).signature).toMatchObject({ status: "untrusted", reason: /none|trusted keys/ })
  })

  const statement = JSON.parse(Buffer.from(JSON.parse(recorded).dsseEnvelope.payload, "base64").toString())
  const forged = Buffer.from(JSON.stringify({ ...statement, predicate: { forged: true } })).toString("base64")
  const entry = (bundle: Json) => bundle.verificationMaterial.tlogEntries[0]
  it.each<[string, (bundle: Json) => void]>([
    ["the payload", (bundle) => void (bundle.dsseEnvelope.payload = forged)],
    ["the signature", (bundle) => void (bundle.dsseEnvelope.signatures[0].sig = "MEUCIQ==")],
    ["the log's entry", (bundle) => void (bundle.verificationMaterial.tlogEntries = [])],
    ["the entry's time", (bundle) => void (entry(bundle).integratedTime = "1740770000")],
    ["the time that the log vouches for", (bundle) => void delete entry(bundle).inclusionPromise],
    ["the log's promise", (bundle) => void (entry(bundle).inclusionPromise.signedEntryTimestamp = "MEUCIQ==")],
    ["the log's proof", (bundle) => void (entry(bundle).inclusionProof.hashes[0] = "AAAA")],
    ["the log", (bundle) => void (entry(bundle).logId.keyId = "AAAA")],
    ["the entry's body", (bundle) => void (entry(bundle).canonicalizedBody = "e30=")],
  ])("is invalid after a change of %s", (_name, change) => {
    const { signature } = verifyDocument(changed(change), trust)
    expect(signature).toEqual({
      status: "invalid",
      reason: expect.stringMatching(`it names ${subject}; .* does not verify`),
    })
  })

  it.each<[string, (bundle: Json) => void]>([
    ["its certificate is noise", (bundle) => void (bundle.verificationMaterial.certificate.rawBytes = "bm9pc2U=")],
    ["its certificate is empty", (bundle) => void (bundle.verificationMaterial.certificate.rawBytes = "")],
    ["a public key is beside it", (bundle) => void (bundle.verificationMaterial.publicKey = { hint: "x" })],
    [
      "it has log entries without end",
      (bundle) => void (bundle.verificationMaterial.tlogEntries = Array(17).fill(entry(bundle))),
    ],
    ["its log entry is of another kind", (bundle) => void (bundle.verificationMaterial.tlogEntries = [7])],
    ["it is signed twice", (bundle) => void bundle.dsseEnvelope.signatures.push({ sig: "AAAA" })],
  ])("is untrusted when %s", (_name, change) => {
    expect(verifyDocument(changed(change), trust).signature.status).toBe("untrusted")
  })

  it.each(["certificateAuthorities", "tlogs", "ctlogs"])("does not count by a root of other %s", (key) => {
    const other = JSON.parse(rootFile.toString())
    other[key] = JSON.parse(rootFile.toString())[key].slice(0, 1)
    if (key === "certificateAuthorities") expect(other[key]).toHaveLength(1) // the authority of 2021
    if (key === "tlogs") other[key][0].logId.keyId = "AAAA"
    const { signature } = verifyDocument(
      recorded,
      trustStore({ identities: [acme], root: parseTrustRoot(JSON.stringify(other)) }),
    )
    expect(signature.status).toBe("invalid")
  })

  it("never verifies after a change of any byte of what is signed", () => {
    const { payload } = JSON.parse(recorded).dsseEnvelope
    const bytes = Buffer.from(payload, "base64")
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const other = Buffer.from(bytes)
        other[at] = (other[at] ?? 0) ^ by
        try {
          const bundle = changed(({ dsseEnvelope }) => void (dsseEnvelope.payload = other.toString("base64")))
          expect(verifyDocument(bundle, trust).signature.status).toBe("invalid")
        } catch (error) {
          if (!(error instanceof CsscError)) throw error // a payload that is no statement any more
        }
      }),
    )
  })
})

describe("a trust root", () => {
  it.each([
    ["no JSON", "root", /the trust root is not JSON/],
    ["another document", "{}", /mediaType: .*certificateAuthorities: /],
    [
      "a root of nobody",
      JSON.stringify({ ...JSON.parse(rootFile.toString()), certificateAuthorities: [] }),
      /certificateAuth/,
    ],
    ["a root without logs", JSON.stringify({ ...JSON.parse(rootFile.toString()), tlogs: [], ctlogs: [] }), /ctlogs: /],
    [
      "a root by which nobody says when",
      JSON.stringify({ ...JSON.parse(rootFile.toString()), tlogs: [], timestampAuthorities: [] }),
      /tlogs: expected a log or a timestamp authority/,
    ],
    ["damaged certificates", JSON.stringify(rootWithout("certificateAuthorities")), /cannot be read/],
    ["damaged keys", JSON.stringify(rootWithout("tlogs")), /cannot be read/],
  ])("is refused: %s", (_name, text, message) => {
    expectCode(() => parseTrustRoot(text), "KEY_INVALID", message)
  })

  it("is refused when it is too large", () => {
    expectCode(() => parseTrustRoot(Buffer.alloc(2_000_000, " ")), "LIMIT_EXCEEDED", /2000000 bytes/)
  })
})
