// cosign's older attachments at promotion: signatures come along, claims to our evidence do not, and what the trusted
// repository has under such a tag stays.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { anImage } from "../support/build-image.js"
import { blobOf, manifestOf, testMediaTypes } from "../support/build-manifest.js"
import { gateImage, promoteImage, refer, tagDigest, writesOf } from "../support/promotion.js"
import { pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const packages = ["pkg:npm/lodash@4.17.21"]
const simpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json"

/** A manifest as cosign tags it: no subject, one layer. */
function tagged(mediaType: string, content: string) {
  const layer = blobOf(mediaType, content)
  const config = blobOf(testMediaTypes.config, "{}")
  const manifest = {
    schemaVersion: 2,
    mediaType: testMediaTypes.manifest,
    config: config.descriptor,
    layers: [layer.descriptor],
  }
  return manifestOf(testMediaTypes.manifest, manifest, [config, layer])
}

describe.each(["api", "distribution"] as const)("digest tags on %s", (kind) => {
  let at: TestRegistry
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())

  it("carries a signature, leaves a planted scan behind, and replaces nothing", async () => {
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [kind], sbom: "cyclonedx", packages })
    await pushImage(at.url, "quarantine/app", "1", image)
    const name = image.digest.replace(":", "-")
    const platform = (image.platforms[0]?.manifest.descriptor.digest ?? "").replace(":", "-")
    const statement = {
      _type: "https://in-toto.io/Statement/v1",
      subject: [],
      predicateType: predicateTypes.cosignVulnerabilities,
      predicate: {},
    }
    await pushManifest(at.url, "quarantine/app", tagged(simpleSigning, '{"critical":1}'), `${name}.sig`)
    await pushManifest(
      at.url,
      "quarantine/app",
      tagged(testMediaTypes.inToto, JSON.stringify(statement)),
      `${name}.att`,
    )
    await pushManifest(at.url, "quarantine/app", tagged(simpleSigning, '{"critical":"quarantine"}'), `${platform}.sig`)
    const mine = tagged(simpleSigning, '{"critical":"golden"}')
    await pushManifest(at.url, "golden/app", mine, `${platform}.sig`)

    const gated = await gateImage(refer(at, "quarantine/app:1"))
    const done = await promoteImage(gated, refer(at, "golden/app:1"))
    expect(done.outcome).toBe("promote")
    expect(done.digestTags).toEqual([`${name}.sig`])
    expect(done.leftBehind.map(({ artifactType, planted }) => [artifactType, planted])).toEqual(
      [
        [`tag ${name}.att`, true],
        [`tag ${platform}.sig`, false],
      ].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    )
    expect(await tagDigest(at, `golden/app:${name}.sig`)).toBe(await tagDigest(at, `quarantine/app:${name}.sig`))
    expect(await tagDigest(at, `golden/app:${name}.att`)).toBeUndefined()
    expect(await tagDigest(at, `golden/app:${platform}.sig`)).toBe(mine.descriptor.digest)

    await at.resetRequests()
    expect((await promoteImage(gated, refer(at, "golden/app:1"))).outcome).toBe("unchanged")
    expect(await writesOf(at)).toEqual([])
  })
})
