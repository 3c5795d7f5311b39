// Signatures that come along: what cosign signed upstream is still verified at the golden image, by us and by cosign
// itself. What can go wrong: promotion loses a signature whose form it does not know, so that a consumer who asks for one
// is refused; or the policy's list leaves it behind and nobody is told.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createSigner } from "../../core/attestation/signer.js"
import { trustStore } from "../../core/attestation/trust-store.js"
import { pin } from "../../core/image/image-graph.js"
import { parseReference, type Reference } from "../../core/oci/reference.js"
import type { Policy } from "../../core/policy/document/policy.js"
import { verify } from "../../core/verify/verify.js"
import { aKey } from "../core/attestation/build-signed.js"
import { codesOf } from "../core/policy/build-assessment.js"
import { Cosign, timeToBuildCosign } from "../cosign/run-cosign.js"
import { anImage } from "../support/build-image.js"
import { aPolicy } from "../support/build-policy.js"
import { context, gateImage, newRegistry, promoteImage } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { aRepository, mirrorWorld } from "./mirror-world.js"

const [acme, stranger] = [aKey(), aKey()]
const signer = createSigner(aKey().pem)
const signing = { ...context, signer }
const signatures = { image: "block" }
const strict = aPolicy({ acme }, { signatures })
const cosignType = "https://sigstore.dev/cosign/sign/v1"
const copying = (...types: string[]) => aPolicy({ acme }, { signatures, evidence: { copy: types } })
const forms = ["simple signing", "simple signing as a referrer", "bundle"] as const
type Form = (typeof forms)[number]
// cosign 3 takes every bundle for a signature, and looks for no older one where there are bundles, such as ours.
const flags: Readonly<Record<Form, readonly string[]>> = {
  "simple signing": ["--new-bundle-format=false"],
  "simple signing as a referrer": ["--new-bundle-format=false", "--experimental-oci11"],
  bundle: [],
}

// Without the referrers API: there each attachment is listed under a tag, which is the harder case.
describe.each(["distribution"] as const)("carried signatures on %s", (kind) => {
  const world = mirrorWorld("api", kind)
  const cosign = new Cosign("pass phrase")
  let privateKey: string
  beforeAll(async () => {
    privateKey = (await cosign.importKeyPair(acme.pem)).privateKey
  }, timeToBuildCosign)
  afterAll(() => cosign.remove())

  /** Signed upstream, mirrored, and judged in quarantine. */
  async function judged(form: Form, policy: Policy = strict) {
    const repository = aRepository()
    const image = anImage({ layers: [repository], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(world.source.url, repository, "1", image)
    await cosign.sign(`${world.source.address}/${repository}@${image.digest}`, privateKey, form)
    await world.mirror(repository)
    const quarantine = parseReference(`${world.target.address}/quarantine/${repository}:1`)
    const gated = await gateImage(quarantine, { policy })
    return { gated, image, golden: parseReference(`${world.target.address}/golden/${repository}:1`) }
  }
  const byCosign = ({ registry, repository }: Reference, digest: string, form: Form, key = acme) =>
    cosign.verify(`${registry}/${repository}@${digest}`, key.publicKey.pem, flags[form])

  it.each(forms)("are verified at the golden image, by us and by cosign, beside what we sign: %s", async (form) => {
    const { gated, image, golden } = await judged(form)
    const promoted = await promoteImage(gated, golden, { policy: strict, context: signing })
    expect(promoted).toMatchObject({ outcome: "promote", leftBehind: [] })
    const { assessment, verdict } = await gateImage(golden, { policy: strict })
    expect(assessment.signature).toEqual({ status: "verified", publisher: "acme", key: acme.publicKey.fingerprint })
    expect(verdict.outcome).toBe("promote")
    expect(await byCosign(golden, image.digest, form)).toMatchObject({ ok: true })
    expect(await byCosign(golden, image.digest, form, stranger)).toMatchObject({ ok: false, output: "" })
    const own = trustStore({ keys: [{ ...signer.publicKey, publisher: "" }] })
    const registry = newRegistry()
    const request = { image: await pin(registry, golden), maxAge: 60 * 60 * 1000 }
    expect(await verify({ registry, trust: own, now: context.now }, request)).toMatchObject({
      verified: true,
      problems: [],
    })
    const again = await promoteImage(gated, golden, { policy: strict, context: signing })
    expect(again).toMatchObject({ outcome: "unchanged", copied: false, tagged: false })
  })

  it.each(forms)("stay behind by name when the policy copies other types only: %s", async (form) => {
    const policy = copying("https://cyclonedx.org/bom")
    const { gated, image, golden } = await judged(form, policy)
    const promoted = await promoteImage(gated, golden, { policy })
    expect(promoted.leftBehind).toMatchObject([{ planted: false, why: expect.stringContaining("evidence.copy") }])
    const { verdict } = await gateImage(golden, { policy })
    expect(codesOf(verdict, "block")).toEqual(["EVIDENCE_UNSIGNED"])
    expect(await byCosign(golden, image.digest, form)).toMatchObject({ ok: false })
  })

  it.each(forms)("come along when the policy names them among the types that it copies: %s", async (form) => {
    const policy = copying("https://cyclonedx.org/bom", cosignType)
    const { gated, image, golden } = await judged(form, policy)
    expect(await promoteImage(gated, golden, { policy })).toMatchObject({ outcome: "promote", leftBehind: [] })
    expect((await gateImage(golden, { policy })).assessment.signature?.status).toBe("verified")
    expect(await byCosign(golden, image.digest, form)).toMatchObject({ ok: true })
  })
})
