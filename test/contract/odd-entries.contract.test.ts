// What indexes and attachments of other tools look like: entries without a platform, SOCI's entries, artifacts without
// content.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { anImage } from "../support/build-image.js"
import { blobOf, manifestOf, type TestManifest, testMediaTypes } from "../support/build-manifest.js"
import { aStatement } from "../support/build-referrer.js"
import { cyclonedxOf } from "../support/build-sbom.js"
import { platformOf, withEntries } from "../support/odd-images.js"
import { gateImage, promoteImage, refer, tagDigest } from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const sociType = "application/vnd.amazon.soci.index.v2+json"
const clean = cyclonedxOf(["pkg:npm/minimist@1.2.8"])
const vulnerable = cyclonedxOf(["pkg:npm/lodash@4.17.20"])

function sociManifest(): TestManifest {
  const config = blobOf(sociType, "{}")
  const layer = blobOf("application/octet-stream", "zTOC")
  const content = { schemaVersion: 2, mediaType: testMediaTypes.manifest, artifactType: sociType }
  return manifestOf(testMediaTypes.manifest, { ...content, config: config.descriptor, layers: [layer.descriptor] }, [
    config,
    layer,
  ])
}

describe.each(["api", "distribution"] as const)("entries of indexes on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  let from = ""
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  beforeEach(() => void (from = `quarantine/entries${++number}`))
  const judged = () => gateImage(refer(at, `${from}:1`))
  const promoted = async () => promoteImage(await judged(), refer(at, `golden/entries${number}:1`))

  it("without a platform are for the one that the image's config names", async () => {
    const image = withEntries(anImage({ layers: [from] }), (entries) =>
      entries.map(({ platform: _platform, ...entry }) => entry),
    )
    await pushImage(at.url, from, "1", image)
    await attachReferrer(at.url, from, aStatement(platformOf(image), clean))
    const required = parsePolicy("version: 1\nplatforms: { required: [linux/amd64] }\n")
    const { verdict } = await gateImage(refer(at, `${from}:1`), { policy: required })
    expect(verdict).toMatchObject({ outcome: "promote", platforms: [{ platform: "linux/amd64" }] })
    expect((await promoted()).outcome).toBe("promote")
  })

  it("without a platform that run are judged", async () => {
    const image = withEntries(anImage({ layers: [from] }), (entries) =>
      entries.map(({ platform: _platform, ...entry }) => entry),
    )
    await pushImage(at.url, from, "1", image)
    await attachReferrer(at.url, from, aStatement(platformOf(image), vulnerable))
    expect((await judged()).verdict).toMatchObject({ outcome: "blocked", remaining: ["CVE-2021-23337"] })
  })

  it("of SOCI are no platforms, and come along with the image", async () => {
    const soci = sociManifest()
    const platform = { os: "linux", architecture: "amd64" }
    const entry = { ...soci.descriptor, artifactType: sociType, platform }
    const image = withEntries(anImage({ layers: [from] }), (entries) => [...entries, entry])
    await pushManifest(at.url, from, soci)
    await pushImage(at.url, from, "1", image)
    await attachReferrer(at.url, from, aStatement(platformOf(image), clean))
    expect((await judged()).verdict.platforms.map(({ digest }) => digest)).toEqual([platformOf(image).digest])
    expect((await promoted()).outcome).toBe("promote")
    expect(await tagDigest(at, `golden/entries${number}@${soci.descriptor.digest}`)).toBe(soci.descriptor.digest)
  })

  it("that only say they are artifacts, and run, are judged like any platform", async () => {
    const image = withEntries(
      anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [from] }),
      ([first, second]) => (first && second ? [first, { ...second, artifactType: sociType } as typeof second] : []),
    )
    await pushImage(at.url, from, "1", image)
    await attachReferrer(at.url, from, aStatement(platformOf(image), clean))
    await attachReferrer(at.url, from, aStatement(platformOf(image, 1), vulnerable))
    expect((await judged()).verdict).toMatchObject({ outcome: "blocked", remaining: ["CVE-2021-23337"] })
  })

  it.each([
    ["absent", undefined],
    ["null", null],
  ])("that are attachments with layers %s are carried along", async (_, layers) => {
    const image = anImage({ layers: [from], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(at.url, from, "1", image)
    const { mediaType, digest, size } = platformOf(image)
    const config = blobOf("application/vnd.example.note", "{}")
    const content = {
      schemaVersion: 2,
      mediaType: testMediaTypes.manifest,
      config: config.descriptor,
      ...(layers === undefined ? {} : { layers }),
      subject: { mediaType, digest, size },
      annotations: { "com.example.key": "value" },
    }
    const note = { ...manifestOf(testMediaTypes.manifest, content, [config]), subject: platformOf(image) }
    await attachReferrer(at.url, from, note)
    const result = await promoted()
    expect(result).toMatchObject({ outcome: "promote", leftBehind: [] })
    expect(result.carried.map((one) => one.digest)).toContain(note.descriptor.digest)
  })
})
