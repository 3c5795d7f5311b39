// What the real cosign signs, in each of the forms that are in the field, must count for us, and not after a change.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { readPublicKey } from "../../core/attestation/public-key.js"
import { verifySimpleSigning } from "../../core/attestation/simple-signing.js"
import { subjectMatches } from "../../core/attestation/statement.js"
import { type TrustStore, trustStore } from "../../core/attestation/trust-store.js"
import { verifyDocument } from "../../core/attestation/verify-document.js"
import { type Digest, parseDigest } from "../../core/oci/digest.js"
import { aKey, type Algorithm, trusting } from "../core/attestation/build-signed.js"
import { Cosign, timeToBuildCosign } from "../cosign/run-cosign.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { testMediaTypes } from "../support/build-manifest.js"
import { pushImage, send } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const predicateType = "https://example.com/review/v1"
const predicate = { approved: true, text: "ÿþ𝄞" }
const stranger = trusting({ stranger: aKey() })

describe.each(["api", "distribution"] as const)("what cosign signs on %s", (kind) => {
  const cosign = new Cosign("pass phrase")
  let at: TestRegistry
  let image: TestImage
  let subject: Digest
  let repository: string
  let number = 0
  let privateKey: string
  let trust: TrustStore
  let verified: object
  beforeAll(async () => {
    at = await startRegistry(kind)
    const pair = await cosign.generateKeyPair()
    privateKey = pair.privateKey
    const publicKey = readPublicKey(pair.publicKey)
    trust = trustStore({ keys: [{ ...publicKey, publisher: "acme" }] })
    verified = { status: "verified", publisher: "acme", key: publicKey.fingerprint }
  }, timeToBuildCosign)
  afterAll(async () => {
    cosign.remove()
    await at.stop()
  })
  beforeEach(async () => {
    repository = `${kind}${++number}`
    image = anImage({ platforms: ["linux/amd64"], layers: [repository] })
    await pushImage(at.url, repository, "1", image)
    subject = parseDigest(image.digest)
  })
  const reference = () => `${at.address}/${repository}@${image.digest}`
  const get = async (path: string) => {
    const accept = `${testMediaTypes.manifest}, ${testMediaTypes.index}`
    const response = await send(at.url, "GET", `/v2/${repository}/${path}`, { accept })
    expect(response.status).toBe(200)
    return Buffer.from(await response.arrayBuffer())
  }
  const layersOf = async (manifest: string): Promise<Layer[]> => {
    const { layers } = JSON.parse((await get(`manifests/${manifest}`)).toString()) as { layers: Layer[] }
    return layers
  }
  const contentOf = ({ digest }: Layer) => get(`blobs/${digest}`)
  const tag = (suffix: string) => `${image.digest.replace(":", "-")}.${suffix}`

  /** By the API, or the tag that stands for it: the one bundle that is there. */
  const bundle = async (): Promise<Buffer> => {
    const path = kind === "api" ? `referrers/${image.digest}` : `manifests/${image.digest.replace(":", "-")}`
    const { manifests } = JSON.parse((await get(path)).toString()) as { manifests: { digest: string }[] }
    expect(manifests).toHaveLength(1)
    const [layer] = await layersOf(manifests[0]?.digest ?? "")
    return contentOf(layer as Layer)
  }

  it("is verified: an attestation in a bundle, read as it was written", async () => {
    await cosign.attest(reference(), privateKey, predicateType, predicate, "bundle")
    const found = verifyDocument(await bundle(), trust)
    expect(found).toMatchObject({ envelope: "bundle", document: predicate, signature: verified })
    expect(found.statement).toMatchObject({ predicateType, subject: [{ digest: { sha256: subject.slice(7) } }] })
    expect(verifyDocument(await bundle(), stranger).signature.status).toBe("untrusted")
  })

  it("is invalid after its payload was changed", async () => {
    await cosign.attest(reference(), privateKey, predicateType, predicate, "bundle")
    const found = verifyDocument(withPayloadChanged(await bundle()), trust)
    expect(found).toMatchObject({ document: { approved: null }, signature: { status: "invalid" } })
  })

  it("is verified: an attestation under the tag .att", async () => {
    await cosign.attest(reference(), privateKey, predicateType, predicate, "tag")
    const [layer] = await layersOf(tag("att"))
    const content = await contentOf(layer as Layer)
    expect(verifyDocument(content, trust)).toMatchObject({ envelope: "dsse", document: predicate, signature: verified })
    const other = verifyDocument(withPayloadChanged(content), trust)
    expect(other).toMatchObject({ document: { approved: null }, signature: { status: "untrusted" } })
  })

  it("is verified: an image signature in a bundle, a statement about the image and nothing else", async () => {
    await cosign.sign(reference(), privateKey, "bundle")
    const found = verifyDocument(await bundle(), trust)
    expect(found).toMatchObject({ statement: { predicateType: predicateTypes.cosignSignature }, signature: verified })
    expect(found.statement && subjectMatches(found.statement, subject)).toBe(true)
    const platform = parseDigest(image.platforms[0]?.manifest.descriptor.digest ?? "")
    expect(found.statement && subjectMatches(found.statement, platform)).toBe(false)
  })

  it("is verified: an image signature in simple signing, for this image and no other", async () => {
    await cosign.sign(reference(), privateKey, "simple signing")
    const [layer] = await layersOf(tag("sig"))
    const payload = await contentOf(layer as Layer)
    const signature = layer?.annotations?.["dev.cosignproject.cosign/signature"] ?? ""
    expect(verifySimpleSigning({ payload, signature }, subject, trust)).toEqual(verified)
    const platform = parseDigest(image.platforms[0]?.manifest.descriptor.digest ?? "")
    expect(verifySimpleSigning({ payload, signature }, platform, trust).status).toBe("invalid")
    expect(verifySimpleSigning({ payload, signature }, subject, stranger).status).toBe("untrusted")
    const changed = Buffer.from(payload.toString().replace(image.digest, platform))
    expect(verifySimpleSigning({ payload: changed, signature }, platform, trust).status).toBe("untrusted")
  })

  // cosign 3.1.3 cannot attest with Ed25519: it signs the hash and then fails its own check.
  it.each<Algorithm>(["P-384", "P-521", "RSA"])("is verified by a key of another kind: %s", async (algorithm) => {
    const key = aKey(algorithm)
    const { privateKey: imported } = await cosign.importKeyPair(key.pem)
    await cosign.attest(reference(), imported, predicateType, predicate, "bundle")
    const { signature } = verifyDocument(await bundle(), trusting({ acme: key }))
    expect(signature).toEqual({ status: "verified", publisher: "acme", key: key.publicKey.fingerprint })
  })
})

type Layer = { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }

/** A bundle or an envelope in which the payload says something else. */
function withPayloadChanged(content: Buffer): string {
  const document = JSON.parse(content.toString())
  const envelope = document.dsseEnvelope ?? document
  const payload = Buffer.from(envelope.payload, "base64").toString().replace("true", "null")
  envelope.payload = Buffer.from(payload).toString("base64")
  return JSON.stringify(document)
}
