// Images that cosign signed, from upstream through quarantine to golden, under a policy that wants them signed. What can
// go wrong: nobody signed it, a stranger did, the signature is another image's, or the mirror lost it.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseReference, type Reference } from "../../core/oci/reference.js"
import type { Policy } from "../../core/policy/document/policy.js"
import { aKey, type TestKey } from "../core/attestation/build-signed.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { Cosign, timeToBuildCosign } from "../cosign/run-cosign.js"
import { attached, bundled, simpleSignature, statementOf } from "../support/build-attestation.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { aPolicy } from "../support/build-policy.js"
import { gateImage } from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { aRepository, type MirrorChange, mirrorWorld } from "./mirror-world.js"

const [acme, stranger] = [aKey(), aKey()]
const signatures = { image: "block" }
const strict = aPolicy({ acme }, { signatures })
const cosignType = "https://sigstore.dev/cosign/sign/v1"
const forms = ["simple signing", "simple signing as a referrer", "bundle"] as const
type Form = (typeof forms)[number]

// Without the referrers API: there each attachment is listed under a tag, which is the harder case.
describe.each(["distribution"] as const)("image signatures on %s", (kind) => {
  const world = mirrorWorld(kind, kind)
  const cosign = new Cosign("pass phrase")
  const cosignKeys = new Map<TestKey, string>()
  beforeAll(async () => {
    for (const key of [acme, stranger]) cosignKeys.set(key, (await cosign.importKeyPair(key.pem)).privateKey)
  }, timeToBuildCosign)
  afterAll(() => cosign.remove())

  async function pushed(): Promise<{ readonly repository: string; readonly image: TestImage }> {
    const repository = aRepository()
    const image = anImage({ layers: [repository], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(world.source.url, repository, "1", image)
    return { repository, image }
  }
  const signUpstream = (repository: string, { digest }: { readonly digest: string }, form: Form, key = acme) =>
    cosign.sign(`${world.source.address}/${repository}@${digest}`, cosignKeys.get(key) ?? "", form)
  const upstream = (repository: string) => parseReference(`${world.source.address}/${repository}:1`)
  const mirrored = async (repository: string, change: MirrorChange = {}) => {
    await world.mirror(repository, change)
    return parseReference(`${world.target.address}/quarantine/${repository}:1`)
  }
  const judge = async (reference: Reference, policy: Policy = strict) => {
    const { assessment, verdict } = await gateImage(reference, { policy })
    return { signature: assessment.signature, verdict }
  }

  it.each(forms)("pass upstream and after the mirror: %s by a key that the policy trusts", async (form) => {
    const { repository, image } = await pushed()
    await signUpstream(repository, image, form)
    for (const reference of [upstream(repository), await mirrored(repository)]) {
      const { signature, verdict } = await judge(reference)
      expect(signature).toEqual({ status: "verified", publisher: "acme", key: acme.publicKey.fingerprint })
      expect(verdict.outcome).toBe("promote")
    }
  })

  it.each(forms)("do not count: %s by a stranger, upstream and after the mirror", async (form) => {
    const { repository, image } = await pushed()
    await signUpstream(repository, image, form, stranger)
    for (const reference of [upstream(repository), await mirrored(repository)]) {
      const { signature, verdict } = await judge(reference)
      expect(signature?.status).toBe("untrusted")
      expect(codesOf(verdict, "block")).toEqual(["EVIDENCE_UNSIGNED"])
      expect(messageOf(verdict, "EVIDENCE_UNSIGNED")).toContain("the image itself is signed by nobody whom the policy")
    }
  })

  it("are missed where there are none, and only told where the policy says so", async () => {
    const { repository } = await pushed()
    const { signature, verdict } = await judge(await mirrored(repository))
    expect(signature).toEqual({ status: "unsigned" })
    expect(codesOf(verdict, "block")).toEqual(["EVIDENCE_UNSIGNED"])
    expect(messageOf(verdict, "EVIDENCE_UNSIGNED")).toBe("the image itself is not signed")
    const told = await judge(upstream(repository), aPolicy({ acme }, { signatures: { image: "report" } }))
    expect(told.verdict.outcome).toBe("promote")
    expect(messageOf(told.verdict, "EVIDENCE_UNSIGNED")).toBe("the image itself is not signed")
    expect((await judge(upstream(repository), aPolicy({ acme }))).signature).toBeUndefined()
  })

  it("count for the index only when the index was signed: one platform's is not the image's", async () => {
    const { repository, image } = await pushed()
    const platform = image.platforms[0]?.manifest.descriptor ?? image.root.descriptor
    await signUpstream(repository, platform, "simple signing")
    expect((await judge(upstream(repository))).signature).toEqual({ status: "unsigned" })
    const single = parseReference(`${world.source.address}/${repository}@${platform.digest}`)
    expect((await judge(single)).signature?.status).toBe("verified")
  })

  it("are lost by a mirror without attachments, which the verdict then says", async () => {
    const { repository, image } = await pushed()
    await signUpstream(repository, image, "simple signing")
    const { verdict } = await judge(await mirrored(repository, { referrers: false }))
    expect(verdict.outcome).not.toBe("promote")
    expect(codesOf(verdict, "block")).toContain("EVIDENCE_UNSIGNED")
  })

  it.each(["tag", "referrer", "bundle"])(
    "stop the image when another image's took their place: as a %s",
    async (how) => {
      const { repository, image } = await pushed()
      const { descriptor } = image.root
      const about = anImage({ layers: ["another"] }).digest
      const statement = statementOf({ predicateType: cosignType, predicate: {} }, about)
      const moved =
        how === "bundle"
          ? attached(descriptor, bundled(statement, acme), cosignType)
          : simpleSignature(descriptor, acme, { about, tagged: how === "tag" })
      const tag = `${image.digest.replace(":", "-")}.sig`
      if (how === "tag") await pushManifest(world.source.url, repository, moved, tag)
      else await attachReferrer(world.source.url, repository, moved)
      for (const reference of [upstream(repository), await mirrored(repository)]) {
        const { signature, verdict } = await judge(reference)
        expect(signature).toEqual({
          status: "invalid",
          reason: expect.stringMatching(/it signs another digest|is about another image/),
        })
        expect(codesOf(verdict, "block")).toEqual(["SIGNATURE_INVALID"])
      }
    },
  )

  it("count beside one that does not, and for the images that their publisher speaks for", async () => {
    const { repository, image } = await pushed()
    await signUpstream(repository, image, "simple signing", stranger)
    await signUpstream(repository, image, "simple signing")
    const quarantine = await mirrored(repository)
    expect((await judge(quarantine)).verdict.outcome).toBe("promote")
    const of = (images: string) => {
      const trusted = [{ publisher: "acme", keys: [acme.publicKey.pem], images: [images] }]
      return judge(quarantine, aPolicy({}, { trusted, signatures }))
    }
    expect((await of(`${world.target.address}/quarantine/**`)).verdict.outcome).toBe("promote")
    const { verdict } = await of(`${world.target.address}/other/**`)
    expect(messageOf(verdict, "EVIDENCE_UNSIGNED")).toContain("does not trust this key of acme for this image")
  })
})
