// What may go wrong with a signature, and how it is then told apart from one that counts.
import { sign } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { MAX_ATTESTATION_BYTES } from "../../../core/attestation/bounds.js"
import { emptyTrust } from "../../../core/attestation/trust-store.js"
import { MAX_TRIES } from "../../../core/attestation/try-keys.js"
import { unwrap } from "../../../core/attestation/unwrap.js"
import { verifyDocument } from "../../../core/attestation/verify-document.js"
import { CsscError } from "../../../core/errors.js"
import { expectCode, fixture } from "../oci/fixture.js"
import {
  aBundle,
  aKey,
  type Algorithm,
  anEnvelope,
  aStatement,
  bundleTypes,
  signatureOver,
  type TestKey,
  trusting,
} from "./build-signed.js"

const [ours, theirs, stranger] = [aKey(), aKey(), aKey()]
const trust = trusting({ "": ours, docker: theirs })
const payload = JSON.stringify(aStatement())
const forged = JSON.stringify(aStatement({ approved: "by nobody" }))

const verify = (document: unknown, store = trust) => verifyDocument(JSON.stringify(document), store).signature
const bundleOf = (key: TestKey, hint?: string, text = payload) =>
  aBundle(anEnvelope(text, [signatureOver(text, key)]), hint)
const hintOf = ({ publicKey }: TestKey) => publicKey.fingerprint

describe("a signature by a trusted key", () => {
  const verified = { status: "verified", publisher: "docker", key: hintOf(theirs) }

  it.each(bundleTypes)("counts in a bundle %s", (mediaType) => {
    const envelope = anEnvelope(payload, [signatureOver(payload, theirs)])
    expect(verify(aBundle(envelope, hintOf(theirs), mediaType))).toEqual(verified)
  })

  it("counts in a bundle and in an envelope, and what is read is what a reader without keys reads", () => {
    const envelope = anEnvelope(payload, [signatureOver(payload, theirs)])
    for (const document of [envelope, aBundle(envelope)]) {
      const text = JSON.stringify(document)
      expect(verifyDocument(text, trust)).toEqual({ ...unwrap(text), signature: verified })
    }
  })

  it.each<[Algorithm, string | null]>([
    ["P-256", "sha256"],
    ["P-384", "sha384"],
    ["P-384", "sha256"],
    ["P-521", "sha512"],
    ["P-521", "sha256"],
    ["Ed25519", null],
    ["RSA", "sha256"],
  ])("counts for %s with %s", (algorithm, hash) => {
    const key = aKey(algorithm)
    const document = anEnvelope(payload, [signatureOver(payload, key, { hash })])
    expect(verify(document, trusting({ acme: key }))).toEqual({
      status: "verified",
      publisher: "acme",
      key: hintOf(key),
    })
  })

  it.each<[string, (fingerprint: string) => string]>([
    ["as cosign 3 does", (fingerprint) => fingerprint],
    ["as DSSE in Go does", (fingerprint) => `SHA256:${fingerprint.replace(/=+$/, "")}`],
    ["in hex", (fingerprint) => Buffer.from(fingerprint, "base64").toString("hex")],
    ["by something nobody knows", () => "key 7"],
    ["by nothing", () => ""],
  ])("counts when the key is named %s", (_name, nameOf) => {
    const keyid = nameOf(hintOf(theirs))
    expect(verify(anEnvelope(payload, [signatureOver(payload, theirs, { keyid })]))).toEqual(verified)
  })

  it("counts beside signatures by strangers, broken and empty ones, in any order", () => {
    const good = signatureOver(payload, theirs, { keyid: hintOf(theirs) })
    const others = [signatureOver(payload, stranger), signatureOver(forged, ours, { keyid: hintOf(ours) }), { sig: "" }]
    const orders = fc.shuffledSubarray([good, ...others], { minLength: 4 })
    fc.assert(
      fc.property(orders, (signatures) => {
        expect(verify(anEnvelope(payload, signatures))).toEqual(verified)
      }),
      { numRuns: 20 },
    )
  })

  it("belongs to the first publisher by name of those who share the key, whatever their order", () => {
    const shared = aKey()
    const document = bundleOf(shared, hintOf(shared))
    for (const store of [trusting({ zoo: shared, acme: shared }), trusting({ acme: shared, zoo: shared })]) {
      expect(verify(document, store)).toMatchObject({ publisher: "acme" })
    }
    expect(verify(document, trusting({ acme: shared, "": shared }))).toMatchObject({ publisher: "" })
  })

  it("counts over the type as cosign 1 wrote it", () => {
    const payloadType = "application/vnd.in-toto.bundle+json"
    const envelope = { ...anEnvelope(payload, [signatureOver(payload, theirs, { payloadType })]), payloadType }
    expect(verify(envelope)).toEqual(verified)
  })

  it("counts over many megabytes", () => {
    const large = JSON.stringify(aStatement("ab".repeat(6 * 1024 * 1024)))
    expect(verify(bundleOf(theirs, hintOf(theirs), large))).toEqual(verified)
  })
})

describe("what is not signed by anybody we know", () => {
  it.each([
    ["a bare statement", payload],
    ["a bare SBOM", fixture("trivy/sbom-fluentd-cyclonedx.json")],
  ])("is unsigned: %s", (_name, text) => {
    expect(verifyDocument(text, trust).signature).toEqual({ status: "unsigned" })
  })

  it.each([
    ["a stranger who names nobody", bundleOf(stranger), /none of the trusted keys/],
    ["a stranger who names himself", bundleOf(stranger, hintOf(stranger)), /none of the trusted keys/],
    ["nobody: the signature is empty", anEnvelope(payload, [{ sig: "" }]), /signature is empty/],
    ["nobody: the signature is noise", anEnvelope(payload, [{ sig: "bm9pc2U=" }]), /none of the trusted keys/],
    ["a certificate", { ...bundleOf(stranger), verificationMaterial: { certificate: { rawBytes: "AA==" } } }, /none/],
    ["somebody with odd verification material", { ...bundleOf(stranger), verificationMaterial: [{}] }, /none/],
    ["somebody with an odd hint", { ...bundleOf(stranger), verificationMaterial: { publicKey: { hint: 7 } } }, /none/],
  ])("is untrusted: signed by %s", (_name, document, reason) => {
    expect(verify(document)).toEqual({ status: "untrusted", reason: expect.stringMatching(reason) })
  })

  it("is untrusted when no key is trusted at all", () => {
    const fact = verify(bundleOf(ours, hintOf(ours)), emptyTrust)
    expect(fact).toEqual({ status: "untrusted", reason: "it is signed, and no key is trusted" })
  })

  it("is untrusted by name when finding out would take too long", () => {
    const signatures = Array.from({ length: 100 }, () => ({ sig: "bm9pc2U=" }))
    const keys = Object.fromEntries(["a", "b", "c"].map((name) => [name, aKey()]))
    const fact = verify(anEnvelope(payload, signatures), trusting(keys))
    expect(fact).toEqual({ status: "untrusted", reason: expect.stringMatching(`300 pairs: at most ${MAX_TRIES}`) })
  })

  it.each([
    "trivy/sbom-sigstore-bundle-v0.3.json",
    "sigstore/cosign-oci-attestation.bundle.json",
    "sigstore/cosign-vuln-dsse.json",
  ])("is untrusted: the recorded %s", (file) => {
    expect(verifyDocument(fixture(file), trust).signature.status).toBe("untrusted")
  })
})

describe("what claims a trusted key and was not signed by it", () => {
  const signed = signatureOver(payload, ours)
  const flipped = Buffer.from(signed.sig, "base64").map((byte, at) => (at === 20 ? byte ^ 1 : byte))
  const cut = Buffer.from(signed.sig, "base64").subarray(0, -1)

  it.each([
    ["another payload under the signature", anEnvelope(forged, [signed])],
    ["a signature with one bit changed", anEnvelope(payload, [{ sig: Buffer.from(flipped).toString("base64") }])],
    ["a signature cut off", anEnvelope(payload, [{ sig: Buffer.from(cut).toString("base64") }])],
    ["an empty signature", anEnvelope(payload, [{ sig: "" }])],
    ["a stranger's signature", anEnvelope(payload, [signatureOver(payload, stranger)])],
    ["another trusted key's signature", anEnvelope(payload, [signatureOver(payload, theirs)])],
    ["a signature over the payload alone", anEnvelope(payload, [{ sig: bareSignature(ours) }])],
    [
      "a signature over another payload type",
      anEnvelope(payload, [signatureOver(payload, ours, { payloadType: "application/json" })]),
    ],
  ])("is invalid: %s", (_name, envelope) => {
    const reason = expect.stringMatching(/names our own key \(.*\), which did not sign these bytes/)
    expect(verify(aBundle(envelope, hintOf(ours)))).toEqual({ status: "invalid", reason })
  })

  it("is invalid by the key id in the envelope too, and tells whose key it claims", () => {
    const envelope = anEnvelope(forged, [{ ...signatureOver(payload, theirs), keyid: hintOf(theirs) }])
    expect(verify(envelope)).toEqual({ status: "invalid", reason: expect.stringMatching(/names a key of docker/) })
  })

  it("never verifies after any change of the payload or the signature", () => {
    const good = Buffer.from(payload)
    const sig = Buffer.from(signed.sig, "base64")
    const change = fc.tuple(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(change, ([inPayload, position, by]) => {
        const [newPayload, newSig] = [Buffer.from(good), Buffer.from(sig)]
        const target = inPayload ? newPayload : newSig
        const at = position % target.length
        target[at] = (target[at] ?? 0) ^ by
        const envelope = {
          ...anEnvelope("", [{ sig: newSig.toString("base64") }]),
          payload: newPayload.toString("base64"),
        }
        try {
          expect(verify(aBundle(envelope, hintOf(ours))).status).toBe("invalid")
        } catch (error) {
          if (!(error instanceof CsscError)) throw error // a payload that is no statement any more
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe("what two readers could read in two ways", () => {
  const envelope = anEnvelope(payload, [signatureOver(payload, ours)])

  it("is refused when a key is there twice, whichever a reader would take", () => {
    const fake = Buffer.from(forged).toString("base64")
    const lastFake = `${JSON.stringify(envelope).slice(0, -1)},"payload":"${fake}"}`
    expectCode(() => verifyDocument(lastFake, trust), "STATEMENT_INVALID", /two ways.*"payload" stands twice/)
    const lastReal = `{"payload":"${fake}",${JSON.stringify(envelope).slice(1)}`
    expectCode(() => verifyDocument(lastReal, trust), "STATEMENT_INVALID", /two ways.*"payload" stands twice/)
  })

  it.each([
    ["a payload in another case beside it", { ...envelope, Payload: "e30=" }, /"payload" and "Payload" are one key/],
    [
      "signatures in another case",
      { payload: envelope.payload, payloadType: envelope.payloadType, Signatures: [] },
      /"Signatures" is "signatures"/,
    ],
    ["a type in another case", { ...aStatement(), PredicateType: "x" }, /"predicateType" and "PredicateType" are one/],
    ["an envelope beside the bundle's", { ...aBundle(envelope), ...anEnvelope(forged, [{ sig: "" }]) }, /2 ways/],
    ["a statement beside the bundle", { ...aBundle(envelope), ...aStatement() }, /ways/],
    ["a message beside the envelope", { ...aBundle(envelope), messageSignature: {} }, /signs a message/],
    ["a payload of another type", { ...envelope, payloadType: "text/plain" }, /no in-toto statement/],
    ["no signatures at all", anEnvelope(payload, []), /signatures: /],
    ["a bundle of another version", aBundle(envelope, "", "application/vnd.dev.sigstore.bundle.v1+json"), /mediaType/],
  ] as const)("is refused: %s", (_name, document, message) => {
    expectCode(() => verify(document), "STATEMENT_INVALID", message)
  })

  it("makes nothing of fields that nobody knows, nor of base64 with bits to spare", () => {
    const text = JSON.stringify(aStatement("x".repeat(3)))
    const padded = [text, `${text} `, `${text}  `].find((each) => Buffer.from(each).length % 3 === 1) ?? text
    const document = anEnvelope(padded, [signatureOver(padded, ours)])
    const spare = document.payload.replace(/(.)==$/, (_, last: string) => `${nextLetter(last)}==`)
    expect(spare).not.toBe(document.payload)
    const more = { ...aBundle({ ...document, payload: spare, payload3: "e30=" }), payload2: "e30=", content: {} }
    expect(verifyDocument(JSON.stringify(more), trust)).toMatchObject({
      statement: JSON.parse(padded),
      signature: { status: "verified" },
    })
  })
})

describe("what is too much", () => {
  it("is refused before anything is verified: 50 MB", () => {
    expectCode(() => verifyDocument(Buffer.alloc(50_000_000, " "), trust), "LIMIT_EXCEEDED", `${MAX_ATTESTATION_BYTES}`)
  })

  it("is refused: more signatures than are read", () => {
    const signatures = Array.from({ length: 101 }, () => ({ sig: "bm9pc2U=" }))
    expectCode(() => verify(anEnvelope(payload, signatures)), "STATEMENT_INVALID", /signatures: /)
  })

  it("never crashes: any JSON is judged or refused by name, and never verified", () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.jsonValue().map((inner) => aBundle(inner, hintOf(ours))),
      fc
        .array(fc.record({ sig: fc.base64String(), keyid: fc.constantFrom("", hintOf(ours)) }), { maxLength: 3 })
        .map((signatures) => anEnvelope(payload, signatures)),
    )
    fc.assert(
      fc.property(value, (any) => {
        try {
          expect(verify(any).status).not.toBe("verified")
        } catch (error) {
          if (!(error instanceof CsscError)) throw error
        }
      }),
      { numRuns: 500 },
    )
  })
})

function bareSignature(key: TestKey): string {
  const bytes = Buffer.from(payload)
  return Buffer.from(sign("sha256", bytes, key.key)).toString("base64")
}

function nextLetter(letter: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  return alphabet[alphabet.indexOf(letter) + 1] ?? letter
}
