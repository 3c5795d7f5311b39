// Somebody who may push to quarantine brings golden's own, public proof back, with the date of a far future, so that it
// comes before what was said since: nothing of that may decide.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { createSigner } from "../../core/attestation/signer.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { pin, readImage } from "../../core/image/image-graph.js"
import { readLifecycle } from "../../core/lifecycle/lifecycle.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import type { Policy } from "../../core/policy/document/policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import { attest } from "../../core/promote/attest.js"
import { verify } from "../../core/verify/verify.js"
import { aKey } from "../core/attestation/build-signed.js"
import { simpleSignature } from "../support/build-attestation.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { blobOf, manifestOf, type TestManifest, testMediaTypes } from "../support/build-manifest.js"
import { aReferrer } from "../support/build-referrer.js"
import {
  anOperation,
  context,
  gateImage,
  interrupt,
  newRegistry,
  promoteImage,
  refer,
  tagDigest,
} from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const key = aKey()
const signing = { ...context, signer: createSigner(key.pem) }
const policy = parsePolicy("version: 1\n")
const stricter = parsePolicy("version: 1\nplatforms: [linux/s390x]\n")
const hour = 60 * 60 * 1000
const summary = predicateTypes.verificationSummary
const lifecycleType = "application/vnd.microsoft.artifact.lifecycle"
const never = "9999-12-31T00:00:00Z"

describe.each(["api", "distribution"] as const)("an old proof on %s", (kind) => {
  let at: TestRegistry
  let image: TestImage
  let [quarantine, golden] = ["", ""]
  let number = 0
  let gated: GateResult
  const start = Date.now()
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  beforeEach(async () => {
    number++
    ;[quarantine, golden] = [`quarantine/app${number}`, `golden/app${number}`]
    image = anImage({ layers: [`old ${number}`], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(at.url, quarantine, "1", image)
    gated = await gateImage(refer(at, `${quarantine}:1`), { policy, context: signing })
  })
  const operation = (by: Policy, minutes: number) =>
    anOperation({ policy: by, context: signing, now: () => new Date(start + minutes * 60 * 1000) })
  const promote = () => promoteImage(gated, refer(at, `${golden}:1`), { policy, context: signing })
  const attestAs = async (by: Policy, minutes: number) => {
    const to = operation(by, minutes)
    const promoted = await pin(newRegistry(), refer(at, `${golden}:1`))
    const verdict = evaluate(gated.assessment, by, { now: to.now() })
    const { attached } = await attest(to, { ...gated, image: promoted, verdict })
    return attached.find((one) => one.subject === image.digest && one.predicateType === summary)
  }
  const verified = async (minutes: number) =>
    verify(operation(policy, minutes), {
      image: await pin(newRegistry(), refer(at, `${golden}:1`)),
      maxAge: 48 * hour,
    })
  /** The same blob in a manifest that says it is of the far future. */
  async function again(digest: string): Promise<TestManifest> {
    const registry = newRegistry()
    const bytes = (await registry.manifest(refer(at, `${golden}@${digest}`))) ?? ""
    const content = JSON.parse(bytes) as { layers: { digest: `sha256:${string}`; size: number; mediaType: string }[] }
    const [layer] = content.layers
    if (layer === undefined) throw new Error("no layer")
    const blob = await registry.blob(refer(at, golden), layer as never)
    const annotations = {
      ...(content as { annotations?: object }).annotations,
      "org.opencontainers.image.created": never,
    }
    return manifestOf(testMediaTypes.manifest, { ...content, annotations }, [
      blobOf(testMediaTypes.empty, "{}"),
      blobOf(layer.mediaType, blob),
    ])
  }

  it("does not outlive a newer FAILED, however much is planted beside it in quarantine and carried along", async () => {
    const passed = (await promote()).evidence.find(
      (one) => one.subject === image.digest && one.predicateType === summary,
    )
    const proof = await again(passed?.digest ?? "")
    await attachReferrer(at.url, quarantine, proof)
    for (let junk = 0; junk < 49; junk++) {
      const annotations = { "org.opencontainers.image.created": never, junk: String(junk) }
      const layers = [{ mediaType: "text/plain", content: `junk ${junk}` }]
      await attachReferrer(at.url, quarantine, aReferrer(image.root.descriptor, { annotations, layers }))
    }
    const second = await promote()
    expect(second.carried.map(({ digest }) => digest)).not.toContain(proof.descriptor.digest)
    expect(second.leftBehind).toContainEqual(
      expect.objectContaining({
        digest: proof.descriptor.digest,
        planted: false,
        why: expect.stringContaining(summary),
      }),
    )
    expect((await attestAs(stricter, 60))?.existing).toBe(false)
    expect(await verified(61)).toMatchObject({ verified: false, summary: { result: "FAILED" } })
  })

  it("is never carried from quarantine, although our own key signed it: scan, verdict or summary", async () => {
    const own = (await promote()).evidence.filter(({ subject }) => subject === image.digest)
    const planted = await Promise.all(own.map(({ digest }) => again(digest)))
    for (const one of planted) await attachReferrer(at.url, quarantine, one)
    const result = await promote()
    const digests = planted.map(({ descriptor }) => descriptor.digest)
    expect(digests.length).toBeGreaterThan(2)
    expect(result.carried.filter(({ digest }) => digests.includes(digest))).toEqual([])
    expect(result.leftBehind.map(({ digest }) => digest).sort()).toEqual([...digests].sort())
  })

  it("does not stand for a new one: an old FAILED with a far date, attached again, is said again", async () => {
    await promote()
    const failed = await attestAs(stricter, 10)
    expect((await attestAs(policy, 20))?.existing).toBe(false)
    expect(await verified(21)).toMatchObject({ verified: true })
    await attachReferrer(at.url, golden, await again(failed?.digest ?? ""))
    expect(await verified(22)).toMatchObject({ verified: true })
    expect((await attestAs(stricter, 30))?.existing).toBe(false)
    expect(await verified(31)).toMatchObject({ verified: false, summary: { result: "FAILED" } })
  })

  it("that was taken back while it is promoted elsewhere stops the tag, although our own key signed that too", async () => {
    await promote()
    const failed = await again((await attestAs(stricter, 10))?.digest ?? "")
    const fresh = `fresh/app${number}`
    const racing = interrupt(newRegistry(), "attach", "after", () => attachReferrer(at.url, fresh, failed))
    const promoted = promoteImage(gated, refer(at, `${fresh}:1`), { policy, context: signing, registry: racing })
    await expect(promoted).rejects.toMatchObject({ code: "REFERRERS_UNTRUSTED" })
    expect(await tagDigest(at, `${fresh}:1`)).toBeUndefined()
  })

  it("of a life's end by nobody does not come along and go off later; by a trusted key it does", async () => {
    const annotations = { "vnd.microsoft.artifact.lifecycle.end-of-life.date": "2900-01-01" }
    const artifactOf = (note: string) =>
      aReferrer(image.root.descriptor, { artifactType: lifecycleType, annotations: { ...annotations, note } })
    const [nobodys, signed] = [artifactOf("nobody"), artifactOf("signed")]
    for (const one of [nobodys, signed, simpleSignature(signed.descriptor, key)])
      await attachReferrer(at.url, quarantine, one)
    const result = await promote()
    expect(result.outcome).toBe("promote")
    expect(result.leftBehind).toEqual([
      expect.objectContaining({
        digest: nobodys.descriptor.digest,
        why: expect.stringContaining("end of the image's life"),
      }),
    ])
    const promoted = await readImage(newRegistry(), await pin(newRegistry(), refer(at, `${golden}:1`)))
    expect((await readLifecycle(newRegistry(), promoted))?.referrer).toBe(signed.descriptor.digest)
  })
})
