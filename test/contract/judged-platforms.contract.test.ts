// A platform that the policy does not judge gets no proof: a cluster that resolves it must not be told that it passed.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { createSigner } from "../../core/attestation/signer.js"
import { parseDigest } from "../../core/oci/digest.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { verify } from "../../core/verify/verify.js"
import { aKey } from "../core/attestation/build-signed.js"
import { anImage } from "../support/build-image.js"
import { aReferrer, aStatement } from "../support/build-referrer.js"
import { cyclonedxOf } from "../support/build-sbom.js"
import { platformOf } from "../support/odd-images.js"
import { anOperation, context, gateImage, promoteImage, refer } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const signing = { ...context, signer: createSigner(aKey().pem) }
const amd64 = parsePolicy("version: 1\nplatforms: [linux/amd64]\n")

describe.each(["api", "distribution"] as const)("platforms that do not decide on %s", (kind) => {
  let at: TestRegistry
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  const maxAge = 60 * 60 * 1000

  it.each([
    ["with a finding that would stop it", ["pkg:npm/lodash@4.17.20"]],
    ["without an SBOM", undefined],
  ])("get no summary: one %s", async (_, packages) => {
    const name = packages === undefined ? "bare" : "vulnerable"
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [name] })
    await pushImage(at.url, `quarantine/${name}`, "1", image)
    await attachReferrer(
      at.url,
      `quarantine/${name}`,
      aStatement(platformOf(image), cyclonedxOf(["pkg:npm/minimist@1.2.8"])),
    )
    if (packages !== undefined)
      await attachReferrer(at.url, `quarantine/${name}`, aStatement(platformOf(image, 1), cyclonedxOf(packages)))
    const gated = await gateImage(refer(at, `quarantine/${name}:1`), { policy: amd64, context: signing })
    const { outcome, evidence } = await promoteImage(gated, refer(at, `golden/${name}:1`), {
      policy: amd64,
      context: signing,
    })
    expect(outcome).toBe("promote")
    const summaries = evidence.filter(({ predicateType }) => predicateType === predicateTypes.verificationSummary)
    expect(summaries.map(({ subject }) => subject).sort()).toEqual([image.digest, platformOf(image).digest].sort())
    const operation = anOperation({ policy: amd64, context: signing })
    const verified = async (digest: string) =>
      (await verify(operation, { image: { ...refer(at, `golden/${name}`), digest: parseDigest(digest) }, maxAge }))
        .verified
    expect(await verified(image.digest)).toBe(true)
    expect(await verified(platformOf(image, 0).digest)).toBe(true)
    expect(await verified(platformOf(image, 1).digest)).toBe(false)
  })

  it("are at their end with the index, whose end of life is attached to it alone", async () => {
    const packages = ["pkg:npm/minimist@1.2.8"]
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: ["ended"], sbom: "cyclonedx", packages })
    await pushImage(at.url, "quarantine/ended", "1", image)
    const gated = await gateImage(refer(at, "quarantine/ended:1"), { context: signing })
    await promoteImage(gated, refer(at, "golden/ended:1"), { context: signing })
    const verified = (digest: string) => {
      const asked = { image: { ...refer(at, "golden/ended"), digest: parseDigest(digest) }, maxAge }
      return verify(anOperation({ context: signing }), asked)
    }
    const platform = platformOf(image).digest
    expect((await verified(platform)).verified).toBe(true)
    const annotations = { "vnd.microsoft.artifact.lifecycle.end-of-life.date": "2026-01-01" }
    const artifactType = "application/vnd.microsoft.artifact.lifecycle"
    await attachReferrer(at.url, "golden/ended", aReferrer(image.root.descriptor, { artifactType, annotations }))
    expect((await verified(image.digest)).verified).toBe(false)
    const { problems } = await verified(platform)
    expect(problems).toEqual([
      expect.stringMatching(`^of its index ${image.digest}: the image reached its end of life`),
    ])
  })
})
