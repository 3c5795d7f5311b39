// The judge of our signatures is cosign itself: what we sign it verifies, what was tampered with it rejects.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createSigner } from "../../core/attestation/signer.js"
import { aKey, type Algorithm } from "../core/attestation/build-signed.js"
import { Cosign, timeToBuildCosign } from "../cosign/run-cosign.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { aReferrer } from "../support/build-referrer.js"
import { hostCosign } from "../support/parts.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const predicateType = "https://example.com/review/v1"
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"
const predicate = { approved: true, by: "cssc", text: "ÿþ𝄞" }

function aStatement(digest: string, content: object = predicate): string {
  const subject = [{ name: "app", digest: { sha256: digest.slice("sha256:".length) } }]
  return JSON.stringify({ _type: "https://in-toto.io/Statement/v1", predicate: content, predicateType, subject })
}

describe.each(["api", "distribution"] as const)("cosign, reading what we signed from %s", (kind) => {
  const cosign = new Cosign("pass phrase")
  let at: TestRegistry
  let image: TestImage
  let repository: string
  let number = 0
  beforeAll(async () => {
    await hostCosign()
    at = await startRegistry(kind)
  }, timeToBuildCosign)
  afterAll(async () => {
    cosign.remove()
    await at.stop()
  })
  beforeEach(async () => {
    repository = `${kind}${++number}`
    image = anImage({ platforms: ["linux/amd64"], layers: [repository] })
    await pushImage(at.url, repository, "1", image)
  })

  const attachBundle = (bundle: string) => {
    const annotations = {
      "dev.sigstore.bundle.content": "dsse-envelope",
      "dev.sigstore.bundle.predicateType": predicateType,
      "in-toto.io/predicate-type": predicateType,
      "org.opencontainers.image.created": "2026-11-21T12:00:00Z",
    }
    const layers = [{ mediaType: bundleType, content: bundle }]
    const referrer = aReferrer(image.root.descriptor, { artifactType: bundleType, annotations, layers })
    return attachReferrer(at.url, repository, referrer)
  }
  const verify = (publicKey: string, flags: readonly string[] = []) =>
    cosign.verifyAttestation(`${at.address}/${repository}@${image.digest}`, publicKey, predicateType, flags)

  // cosign signs with the hash of the curve, but verifies with SHA-256 until it is told.
  it.each<[Algorithm, ...string[]]>([
    ["P-256"],
    ["P-384", "--signature-digest-algorithm=sha384"],
    ["P-521", "--signature-digest-algorithm=sha512"],
    ["RSA"],
    ["Ed25519"],
  ])("verifies it by a key in PKCS#8 and shows the statement that we signed: %s", async (algorithm, ...flags) => {
    const key = aKey(algorithm)
    const statement = aStatement(image.digest)
    await attachBundle(createSigner(key.pem).sign(statement))
    const result = await verify(key.publicKey.pem, flags)
    expect(result.said).toContain("The signatures were verified against the specified public key")
    expect(result.ok).toBe(true)
    expect(payloadsOf(result.output)).toEqual([statement])
  })

  it("verifies it by an encrypted key that cosign made", async () => {
    const { privateKey, publicKey } = await cosign.generateKeyPair()
    const statement = aStatement(image.digest)
    await attachBundle(createSigner(privateKey, "pass phrase").sign(statement))
    const result = await verify(publicKey)
    expect(result).toMatchObject({ ok: true })
    expect(payloadsOf(result.output)).toEqual([statement])
  })

  it("rejects a payload that was changed after signing", async () => {
    const key = aKey()
    const bundle = JSON.parse(createSigner(key.pem).sign(aStatement(image.digest)))
    bundle.dsseEnvelope.payload = Buffer.from(aStatement(image.digest, { approved: "forged" })).toString("base64")
    await attachBundle(JSON.stringify(bundle))
    expect(await verify(key.publicKey.pem)).toMatchObject({
      ok: false,
      output: "",
      said: expect.stringContaining("could not verify envelope"),
    })
  })

  it("rejects a signature by another key that hints at the right one", async () => {
    const [key, other] = [aKey(), aKey()]
    const bundle = JSON.parse(createSigner(other.pem).sign(aStatement(image.digest)))
    bundle.verificationMaterial.publicKey.hint = key.publicKey.fingerprint
    await attachBundle(JSON.stringify(bundle))
    expect(await verify(key.publicKey.pem)).toMatchObject({ ok: false, output: "" })
  })

  it("rejects a statement that was signed for another image", async () => {
    const key = aKey()
    const other = `sha256:${"0".repeat(64)}`
    await attachBundle(createSigner(key.pem).sign(aStatement(other)))
    expect(await verify(key.publicKey.pem)).toMatchObject({ ok: false, output: "" })
  })
})

/** Each line is an envelope. */
function payloadsOf(output: string): string[] {
  const lines = output.split("\n").filter((line) => line !== "")
  return lines.map((line) => Buffer.from(JSON.parse(line).payload, "base64").toString())
}
