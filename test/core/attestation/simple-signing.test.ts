// cosign's simple signing: the signature is over a payload that names what is signed, so both have to be looked at.
import { sign } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { MAX_SIMPLE_SIGNING_BYTES, verifySimpleSigning } from "../../../core/attestation/simple-signing.js"
import { aDigest } from "../oci/fixture.js"
import { aKey, type Algorithm, subject, type TestKey, trusting } from "./build-signed.js"

const [docker, stranger] = [aKey(), aKey()]
const trust = trusting({ docker })

function aPayload(more: { type?: unknown; digest?: unknown } = {}): Buffer {
  const { type = "cosign container image signature", digest = subject } = more
  const identity = { "docker-reference": "registry.example.com/dhi/app" }
  return Buffer.from(JSON.stringify({ critical: { identity, image: { "docker-manifest-digest": digest }, type } }))
}

function signed(payload = aPayload(), { key }: TestKey = docker) {
  const hash = key.asymmetricKeyType === "ed25519" ? null : "sha256"
  return { payload, signature: sign(hash, payload, key).toString("base64") }
}

const verify = (signing: { payload: Uint8Array; signature: string }) => verifySimpleSigning(signing, subject, trust)

describe("a simple signature", () => {
  it.each<Algorithm>(["P-256", "P-384", "P-521", "Ed25519", "RSA"])("verifies by a trusted key: %s", (algorithm) => {
    const key = aKey(algorithm)
    const fact = verifySimpleSigning(signed(aPayload(), key), subject, trusting({ acme: key }))
    expect(fact).toEqual({ status: "verified", publisher: "acme", key: key.publicKey.fingerprint })
  })

  it("is invalid when it is replayed: the right signature, over another digest", () => {
    const replayed = signed(aPayload({ digest: aDigest("other image") }))
    const reason = `it signs another digest: expected ${subject}, got ${aDigest("other image")}`
    expect(verify(replayed)).toEqual({ status: "invalid", reason })
  })

  it.each([
    ["says nothing of a digest", aPayload({ digest: null }), /docker-manifest-digest: /],
    ["has the digest in a list", aPayload({ digest: [subject] }), /docker-manifest-digest: /],
    ["is of another type", aPayload({ type: "atomic container signature" }), /critical\.type: /],
    ["is no JSON", Buffer.from("signed words"), /its payload is not JSON/],
    ["is empty", Buffer.alloc(0), /its payload is not JSON: it is empty/],
    ["is not UTF-8", Buffer.from([0x22, 0xff, 0x22]), /not UTF-8/],
    ["is nested too deep", Buffer.from("[".repeat(500)), /nested deeper/],
    ["reaches for a prototype", Buffer.from('{"__proto__":{}}'), /__proto__/],
  ])("is invalid when what the key signed %s", (_name, payload, reason) => {
    expect(verify(signed(payload))).toEqual({ status: "invalid", reason: expect.stringMatching(reason) })
  })

  it.each([
    ["a stranger's", signed(aPayload(), stranger).signature, /none of the trusted keys/],
    ["of another payload", signed(aPayload({ digest: aDigest("x") })).signature, /none of the trusted keys/],
    ["empty", "", /empty/],
    ["cut off", signed().signature.slice(0, -8), /none|not base64/],
    ["no base64", "a b!", /not base64/],
    ["base64 without its padding", `${signed().signature.replace(/=+$/, "")}A`, /not base64|none/],
    ["base64 with bits to spare", "YR==", /not base64/],
    ["followed by something", `${signed().signature}\n`, /not base64/],
    ["endless", "AAAA".repeat(10_000), /not base64/],
  ])("is untrusted when it is %s", (_name, signature, reason) => {
    expect(verify({ payload: aPayload(), signature })).toEqual({
      status: "untrusted",
      reason: expect.stringMatching(reason),
    })
  })

  it("is untrusted by name when its payload is too large to look at", () => {
    const payload = Buffer.alloc(MAX_SIMPLE_SIGNING_BYTES + 1, " ")
    const reason = expect.stringMatching(`${payload.length} bytes: at most ${MAX_SIMPLE_SIGNING_BYTES}`)
    expect(verify(signed(payload))).toEqual({ status: "untrusted", reason })
  })

  it("never verifies after any change of a byte", () => {
    const { payload, signature } = signed()
    fc.assert(
      fc.property(fc.nat({ max: payload.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(payload)
        changed[at] = (changed[at] ?? 0) ^ by
        expect(verify({ payload: changed, signature }).status).toBe("untrusted")
      }),
    )
  })
})
