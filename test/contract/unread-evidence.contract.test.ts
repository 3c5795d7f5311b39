// What could not be read may be what takes a proof back or stops an image. A registry that answers for everything but that
// one piece must neither prove an image nor let one pass.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { createSigner } from "../../core/attestation/signer.js"
import { pin } from "../../core/image/image-graph.js"
import { readManifest } from "../../core/image/read-manifest.js"
import { parseDigest } from "../../core/oci/digest.js"
import { retiredTag } from "../../core/oci/reserved-tags.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import { attest } from "../../core/promote/attest.js"
import { verify } from "../../core/verify/verify.js"
import { aKey } from "../core/attestation/build-signed.js"
import { aSigned } from "../support/build-attestation.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { aReferrer } from "../support/build-referrer.js"
import { lodash, openVex } from "../support/build-vex.js"
import { platformOf } from "../support/odd-images.js"
import { anOperation, context, gateImage, newRegistry, promoteImage, refer, tagDigest } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const key = aKey()
const signing = { ...context, signer: createSigner(key.pem) }
const policy = parsePolicy("version: 1\n")
const hour = 60 * 60 * 1000
const lifecycleType = "application/vnd.microsoft.artifact.lifecycle"

describe.each(["api", "distribution"] as const)("what the registry does not give on %s", (kind) => {
  let at: TestRegistry
  let image: TestImage
  let [quarantine, golden] = ["", ""]
  let number = 0
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  afterEach(() => at.clearFaults())
  beforeEach(async () => {
    number++
    ;[quarantine, golden] = [`quarantine/app${number}`, `golden/app${number}`]
    image = anImage({ layers: [`unread ${number}`], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(at.url, quarantine, "1", image)
  })
  const anchored = (path: string) => ({ method: "GET", pathRegex: `${path}$` })
  const faults = (path: string) =>
    [
      ["503", { status: 503, match: anchored(path) }],
      ["a reset", { kind: "disconnect", match: anchored(path) }],
    ] as const
  const judge = (more: Parameters<typeof gateImage>[1] = {}) =>
    gateImage(refer(at, `${quarantine}:1`), { policy, context: signing, ...more })
  const blocking = async (more: Parameters<typeof gateImage>[1] = {}) => {
    const { verdict } = await judge(more)
    return verdict.reasons.filter(({ effect }) => effect === "block").map(({ code }) => code)
  }
  const blobOf = async (repository: string, digest: string) => {
    const manifest = await readManifest(newRegistry(), { ...refer(at, repository), digest: parseDigest(digest) })
    return manifest.kind === "image" ? (manifest.layers[0]?.digest ?? "") : ""
  }

  it("fails the verification when it is a newer FAILED summary, or the manifest of one", async () => {
    const gated = await judge()
    const target = refer(at, `${golden}:1`)
    await promoteImage(gated, target, { policy, context: signing })
    const later = new Date(Date.now() + hour)
    const verdict = evaluate(gated.assessment, parsePolicy("version: 1\nplatforms: [linux/s390x]\n"), { now: later })
    const promoted = await pin(newRegistry(), target)
    const operation = anOperation({ policy, context: signing, now: () => later })
    const { attached } = await attest(operation, { ...gated, image: promoted, verdict })
    const failed = attached.find(
      ({ subject, predicateType }) =>
        subject === promoted.digest && predicateType === predicateTypes.verificationSummary,
    )
    const digest = failed?.digest ?? ""
    // Each time a call of its own: within one, what has a digest is fetched once.
    const verified = () => verify({ ...operation, registry: newRegistry() }, { image: promoted, maxAge: 48 * hour })
    expect(await verified()).toMatchObject({ verified: false, summary: { result: "FAILED" } })
    const paths = [`/blobs/${await blobOf(golden, digest)}`, `/manifests/${digest}`]
    for (const [, fault] of paths.flatMap(faults)) {
      await at.fault(fault)
      await expect(verified()).rejects.toMatchObject({ kind: "registry" })
      await at.clearFaults()
    }
  })

  it.each([
    ["a VEX document", openVex("pkg:oci/app", {}), policy],
    ["a required attestation", { predicateType: "https://example.com/built", predicate: {} }, requiring()],
  ])("blocks the image by name when it is %s", async (_, said, asked) => {
    const digest = await attachReferrer(at.url, quarantine, aSigned(platformOf(image), said, key))
    expect(await blocking({ policy: asked })).toEqual([])
    for (const [, fault] of [`/blobs/${await blobOf(quarantine, digest)}`, `/manifests/${digest}`].flatMap(faults)) {
      await at.fault(fault)
      expect(await blocking({ policy: asked })).toContain("EVIDENCE_UNREADABLE")
      await at.clearFaults()
    }
  })

  it("blocks the image by name when it is a lifecycle artifact", async () => {
    const annotations = { "vnd.microsoft.artifact.lifecycle.end-of-life.date": "2999-01-01" }
    const artifact = aReferrer(image.root.descriptor, { artifactType: lifecycleType, annotations })
    const digest = await attachReferrer(at.url, quarantine, artifact)
    expect(await blocking()).toEqual([])
    await at.fault({ status: 503, match: anchored(`/manifests/${digest}`) })
    const { verdict } = await judge()
    expect(verdict.reasons).toContainEqual(
      expect.objectContaining({
        code: "EVIDENCE_UNREADABLE",
        effect: "block",
        message: expect.stringContaining(digest),
      }),
    )
  })

  it("blocks the image by name when it is a signature, whatever the policy says of unsigned images", async () => {
    const said = { predicateType: "https://sigstore.dev/cosign/sign/v1", predicate: {} }
    const digest = await attachReferrer(at.url, quarantine, aSigned(image.root.descriptor, said, key))
    const reported = parsePolicy("version: 1\nsignatures: { image: report }\n")
    expect(await blocking({ policy: reported })).toEqual([])
    await at.fault({ status: 503, match: anchored(`/blobs/${await blobOf(quarantine, digest)}`) })
    expect(await blocking({ policy: reported })).toEqual(["EVIDENCE_UNREADABLE"])
  })

  it("blocks the image by name when it is the image that it is compared with, and the comparison only reports", async () => {
    const other = anImage({ layers: ["promoted"], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(at.url, golden, "1", other)
    const compared = parsePolicy("version: 1\nregression: { new-findings: report }\n")
    const asked = { policy: compared, baseline: refer(at, `${golden}:1`) }
    expect(await blocking(asked)).toEqual([])
    await at.fault({ status: 503, match: { pathRegex: `/${golden}/manifests/` } })
    expect(await blocking(asked)).toEqual(["EVIDENCE_UNREADABLE"])
  })

  it("stops a promotion when it is the tombstone", async () => {
    const gated = await judge()
    const path = `/${golden}/manifests/${retiredTag(parseDigest(image.digest))}`
    await at.fault({ status: 503, match: { pathRegex: `${path}$` } })
    await expect(promoteImage(gated, refer(at, `${golden}:1`), { policy })).rejects.toMatchObject({ kind: "registry" })
    expect(await tagDigest(at, `${golden}:1`)).toBeUndefined()
  })

  it("takes no proof back: what was not read says nothing about the image", async () => {
    const digest = await attachReferrer(at.url, quarantine, aSigned(platformOf(image), openVex(lodash), key))
    await at.fault({ status: 503, match: anchored(`/manifests/${digest}`) })
    const gated = await judge()
    expect(gated.verdict.passed).toBe(false)
    await at.clearFaults()
    await expect(attest(anOperation({ policy, context: signing }), gated)).rejects.toMatchObject({
      code: "EVIDENCE_FAILED",
    })
  })
})

function requiring() {
  return parsePolicy(
    "version: 1\nevidence: { required: [https://example.com/built] }\nsignatures: { evidence: report }\n",
  )
}
