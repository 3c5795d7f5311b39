// A Docker Hardened Image through real registries, with VEX under the vendor's product names and the interpreter that no
// scanner knows. What can go wrong is what dhi-walk-through.test.ts names; here nothing of it is assumed: signatures are
// found, copied and verified. The vendor's private key signs nothing for us, so another stands in for it.
import { describe, expect, it } from "vitest"
import { parseReference, type Reference } from "../../core/oci/reference.js"
import type { Policy } from "../../core/policy/document/policy.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { blobOf, manifestOf } from "../support/build-manifest.js"
import { aPolicy } from "../support/build-policy.js"
import { highInLodash } from "../support/build-vex.js"
import { platformOf } from "../support/odd-images.js"
import { gateImage, newRegistry, promoteImage } from "../support/promotion.js"
import { attachReferrer } from "../support/push-image.js"
import { anAttestation, dhiFixture, hardenedWorld, vendorVex } from "./hardened-world.js"
import { acme as vendor, judging, stranger } from "./vex-world.js"

const demands = {
  signatures: { image: "block", sbom: "block" },
  exceptions: [{ package: "pkg:dhi/*", reason: "followed by the vendor's own advisories" }],
}
const strict = aPolicy({ vendor }, demands)
const investigating = { predicateType: "https://openvex.dev/ns/v0.2.0", predicate: dhiFixture("vex-alpine-base.json") }

// With the referrers API, as the registry of these images has it.
describe.each(["api"] as const)("a Docker Hardened Image on %s", (kind) => {
  const { cosign, mirrored } = hardenedWorld(kind)
  const judge = (reference: Reference, policy: Policy = strict) => gateImage(reference, { policy, context: judging })

  it("passes: its SBOM, its VEX and its index are the vendor's, and stay so at the golden image", async () => {
    const { quarantine, image, attestations } = await mirrored({
      vex: [vendorVex(), investigating],
    })
    const gated = await judge(quarantine)
    const golden = { ...quarantine, repository: quarantine.repository.replace("quarantine", "golden") }
    const promoted = await promoteImage(gated, golden, { policy: strict, context: judging })
    expect(promoted).toMatchObject({ outcome: "promote", leftBehind: [] })
    for (const { assessment, verdict } of [gated, await judge(golden)]) {
      const signature = { status: "verified", publisher: "vendor", key: vendor.publicKey.fingerprint }
      expect(assessment).toMatchObject({ signature, platforms: [{ sbom: { envelope: "statement", signature } }] })
      expect(verdict).toMatchObject({ outcome: "promote", remaining: [], exceptions: [{ uses: 1 }] })
      const told = verdict.vex?.map(({ trusted, suppressed, unmatched }) => [
        trusted,
        suppressed.length,
        unmatched.length,
      ])
      expect(told?.sort()).toEqual([
        [true, 0, 2],
        [true, 1, 0],
      ])
    }
    // As the vendor's own documentation checks them.
    for (const digest of [image.digest, ...attestations.map(({ descriptor }) => descriptor.digest)]) {
      const name = `${golden.registry}/${golden.repository}@${digest}`
      const flags = ["--experimental-oci11", "--new-bundle-format=false"]
      expect(await cosign.verify(name, vendor.publicKey.pem, flags)).toMatchObject({ ok: true })
      expect((await cosign.verify(name, stranger.publicKey.pem, flags)).ok).toBe(false)
    }
  })

  it.each([
    ["nobody signed it", undefined, strict, "is not signed"],
    ["another key signed it", stranger, strict, "by nobody whom the policy trusts"],
    ["the policy has the real keyring", vendor, ofKeyring(), "by nobody whom the policy trusts"],
  ])("is stopped, each part by its name, when %s", async (_, key, policy, why) => {
    const { verdict } = await judge((await mirrored({ key })).quarantine, policy)
    expect(codesOf(verdict, "block")).toEqual(["EVIDENCE_UNSIGNED", "EVIDENCE_UNSIGNED", "FINDINGS"])
    expect(verdict.reasons.filter(({ code }) => code === "EVIDENCE_UNSIGNED").map(({ message }) => message)).toEqual([
      expect.stringContaining(`the image itself ${key ? "is signed " : ""}${why}`),
      expect.stringContaining(`the SBOM ${key ? "is signed " : ""}${why}`),
    ])
    expect(messageOf(verdict, "VEX_UNTRUSTED")).toContain("1 finding that it would have suppressed")
  })

  it.each([
    ["pkg:oci/dhi%2Falpine-base", "dhi.io/alpine-base:3.22", true],
    ["pkg:docker/dhi/alpine-base", "registry.scout.docker.com/dhi/alpine-base:3.22", true],
    ["pkg:docker/dhi/alpine-base", "dhi.io/python:3.22", false],
    ["pkg:docker/dhi/alpine-base", "docker.io/acme/alpine-base:3.22", false],
    ["pkg:docker/acme/alpine-base", "dhi.io/alpine-base:3.22", false],
  ])("is spoken of as %s when it came from %s: %s", async (product, upstream, known) => {
    const { verdict } = await judge((await mirrored({ vex: [vendorVex(product)], upstream })).quarantine)
    expect(verdict.remaining).toEqual(known ? [] : [highInLodash])
  })

  it("is stopped by VEX that borrows the signature of another attestation", async () => {
    const { quarantine, image } = await mirrored({ vex: [] })
    const planted = anAttestation(platformOf(image), vendorVex())
    const { registry, repository } = quarantine
    await attachReferrer(`http://${registry}`, repository, planted)
    expect((await judge(quarantine)).verdict.remaining).toEqual([highInLodash])
    const signatureOf = async (subject: string) => {
      const tree = await newRegistry().referrers(parseReference(`${registry}/${repository}@${subject}`))
      return parseReference(
        `${registry}/${repository}@${tree?.referrers.find(({ artifactType }) => artifactType.includes("cosign"))?.digest}`,
      )
    }
    const { layers } = JSON.parse((await newRegistry().manifest(await signatureOf(image.digest))) ?? "{}")
    const { mediaType, digest, size } = planted.descriptor
    const config = blobOf("application/vnd.dev.cosign.artifact.sig.v1+json", "{}")
    const content = {
      schemaVersion: 2,
      mediaType,
      config: config.descriptor,
      layers,
      subject: { mediaType, digest, size },
    }
    await attachReferrer(`http://${registry}`, repository, manifestOf(mediaType, content, [config]))
    const { verdict } = await judge(quarantine)
    expect(codesOf(verdict, "block")).toEqual(["SIGNATURE_INVALID", "FINDINGS"])
    expect(messageOf(verdict, "SIGNATURE_INVALID")).toContain("it signs another digest")
  })

  it("lacks all of it after a mirror without attachments", async () => {
    const { verdict } = await judge((await mirrored({ change: { referrers: false } })).quarantine)
    expect(verdict.outcome).not.toBe("promote")
    expect(codesOf(verdict, "block")).toEqual(["EVIDENCE_UNSIGNED", "MISSING_SBOM"])
  })
})

function ofKeyring(): Policy {
  const keyring = dhiFixture("dhi-keyring.json") as Record<string, { readonly pem: string }>
  const keys = Object.values(keyring).flatMap(({ pem }) => pem ?? [])
  return aPolicy({}, { ...demands, trusted: [{ publisher: "vendor", keys: [...new Set(keys)] }] })
}
