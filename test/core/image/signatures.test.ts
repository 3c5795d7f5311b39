// What can go wrong: signatures of strangers cost thousands of requests, or hide the one that counts, or are taken for an
// attack where they are none of cosign's.
import { describe, expect, it } from "vitest"
import { MAX_SIMPLE_SIGNING_BYTES } from "../../../core/attestation/simple-signing.js"
import { emptyTrust } from "../../../core/attestation/trust-store.js"
import { manifestSignature } from "../../../core/image/signatures.js"
import { MAX_SIGNATURES } from "../../../core/image/simple-signatures.js"
import { parseDigest } from "../../../core/oci/digest.js"
import { simpleSignature } from "../../support/build-attestation.js"
import { blobOf, type TestManifest, testMediaTypes } from "../../support/build-manifest.js"
import { aReferrer } from "../../support/build-referrer.js"
import { aKey, trusting } from "../attestation/build-signed.js"

const [acme, stranger] = [aKey(), aKey()]
const trust = trusting({ acme })
const signed = blobOf(testMediaTypes.manifest, "{}").descriptor
const notation = "application/vnd.cncf.notary.signature"

const byAcme = simpleSignature(signed, acme)
const foreign = (count: number) =>
  Array.from({ length: count }, (_, at) => simpleSignature(signed, stranger, { about: parseDigest(digestOf(at)) }))
const digestOf = (at: number): string => blobOf("", String(at)).descriptor.digest
const notary = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    aReferrer(signed, {
      artifactType: notation,
      layers: [{ mediaType: "application/jose+json", content: String(at) }],
    }),
  )

type Layers = NonNullable<Parameters<typeof aReferrer>[1]["layers"]>

/** One manifest with the signatures of all these. */
function inOne(all: readonly TestManifest[]): TestManifest {
  const layers = all.flatMap(({ bytes, blobs }): Layers => {
    const { layers: described } = JSON.parse(bytes.toString()) as { layers: Layers }
    return described.map((layer, at) => ({ ...layer, content: blobs[at + 1]?.bytes ?? "" }))
  })
  return aReferrer(signed, { artifactType: "application/vnd.dev.cosign.artifact.sig.v1+json", layers })
}

async function read(attached: readonly TestManifest[], by = trust) {
  const asked = { manifests: 0, blobs: 0 }
  const blobs = new Map(attached.flatMap((one) => one.blobs).map(({ descriptor, bytes }) => [descriptor.digest, bytes]))
  const manifests = new Map(attached.map(({ descriptor, bytes }) => [descriptor.digest, bytes.toString()]))
  const registry = {
    manifest: async ({ digest = "" }: { digest?: string }) => (asked.manifests++, manifests.get(digest)),
    blob: async (_: unknown, { digest }: { digest: string }) => (asked.blobs++, Buffer.from(blobs.get(digest) ?? "")),
  }
  const referrers = attached.map(({ descriptor: { mediaType, digest, size }, bytes }) => ({
    ...{ subject: parseDigest(signed.digest), digest: parseDigest(digest), mediaType, size, annotations: {} },
    ...{ artifactType: (JSON.parse(bytes.toString()) as { artifactType: string }).artifactType, referrers: [] },
  }))
  const carrier = { registry: "registry.test", repository: "app", digest: parseDigest(signed.digest), referrers }
  return { ...(await manifestSignature({ registry, trust: by }, carrier)), asked }
}

describe("signatures on a manifest", () => {
  it.each([
    ["one of many", [...foreign(MAX_SIGNATURES - 1), byAcme]],
    ["the first of more than are read", [byAcme, ...foreign(3 * MAX_SIGNATURES)]],
    ["the last of more than are read", [...foreign(3 * MAX_SIGNATURES), byAcme]],
    ["the last in one manifest of more than are read", [inOne([...foreign(3 * MAX_SIGNATURES), byAcme])]],
    ["beside any number of Notation's", [...notary(3 * MAX_SIGNATURES), byAcme, ...notary(3 * MAX_SIGNATURES)]],
  ])("count when a trusted key made %s", async (_, attached) => {
    expect(await read(attached)).toMatchObject({ status: "verified" })
  })

  it.each([
    ["in as many manifests", foreign(MAX_SIGNATURES + 1)],
    ["in one manifest", [inOne(foreign(MAX_SIGNATURES + 1))]],
    ["in two manifests", [inOne(foreign(MAX_SIGNATURES)), inOne(foreign(1))]],
  ])("are invalid when there are more than are read and nobody trusted made one, %s", async (_, attached) => {
    const reason = `${MAX_SIGNATURES + 1} signatures are attached, and none of the ${MAX_SIGNATURES} that were read is by a trusted key`
    expect(await read(attached)).toMatchObject({ status: "invalid", reason })
  })

  it("are no more than unknown to us when they are strangers', or Notation's", async () => {
    expect(await read(foreign(MAX_SIGNATURES))).toMatchObject({ status: "untrusted" })
    expect(await read(notary(MAX_SIGNATURES + 1))).toMatchObject({ status: "unsigned", asked: { manifests: 0 } })
    expect(await read(notary(1), emptyTrust)).toMatchObject({ status: "untrusted", asked: { manifests: 0 } })
  })

  it("cost no more than the budget, in however many manifests they are", async () => {
    const { asked } = await read(Array.from({ length: 150 }, (_, at) => inOne(foreign(60).slice(at % 2))))
    expect(asked.manifests).toBeLessThanOrEqual(MAX_SIGNATURES)
    expect(asked.blobs).toBeLessThanOrEqual(MAX_SIGNATURES)
  })

  it("are not fetched when they are larger than any", async () => {
    const content = Buffer.alloc(MAX_SIMPLE_SIGNING_BYTES + 1, " ")
    const mediaType = "application/vnd.dev.cosign.simplesigning.v1+json"
    const large = aReferrer(signed, { artifactType: mediaType, layers: [{ mediaType, content }] })
    const found = await read([large])
    expect(found).toMatchObject({ status: "untrusted", asked: { blobs: 0 } })
    expect(found).toMatchObject({ reason: expect.stringContaining("are read") })
  })
})
