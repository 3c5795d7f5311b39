// SBOMs as people have them: under cosign 1's type, by stages of BuildKit, as an accessory of Harbor's, under a type of
// one's own, and in the other format. Each holds a vulnerable package, which must be found.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bare, statementOf, withBuildkit } from "../support/build-attestation.js"
import { anImage, type TestImage } from "../support/build-image.js"
import type { TestManifest } from "../support/build-manifest.js"
import { aReferrer, aStatement } from "../support/build-referrer.js"
import { cyclonedxOf, spdxOf } from "../support/build-sbom.js"
import { HostScanner } from "../support/host-scanner.js"
import { platformOf } from "../support/odd-images.js"
import { gateImage, type GateOptions, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const [vulnerable, safe] = ["pkg:npm/lodash@4.17.20", "pkg:npm/minimist@1.2.8"]
const finding = "CVE-2021-23337"
const [cyclonedx, spdx] = [cyclonedxOf([vulnerable]).predicate, spdxOf([vulnerable]).predicate]
const spdxType = "https://spdx.dev/Document"

function withReferrer(make: (image: TestImage) => TestManifest): TestImage {
  const image = anImage()
  return { ...image, referrers: [...image.referrers, make(image)] }
}

const accessory = (artifactType: string, mediaType: string, content: unknown) =>
  withReferrer((image) =>
    aReferrer(platformOf(image), { artifactType, layers: [{ mediaType, content: JSON.stringify(content) }] }),
  )

/** One attestation manifest in the index, with a layer for each document, as BuildKit writes it. */
function byStages(documents: readonly unknown[]): TestImage {
  const image = anImage()
  const about = platformOf(image).digest
  const layers = documents.map((predicate) => ({
    ...bare(statementOf({ predicateType: spdxType, predicate }, about)),
    predicateType: spdxType,
  }))
  return withBuildkit(image, layers)
}

describe.each(["api", "distribution"] as const)("SBOMs in other forms on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())

  async function judge(image: TestImage, options: GateOptions = {}) {
    const repository = `forms/${++number}`
    await pushImage(at.url, repository, "1", image)
    const { assessment, verdict } = await gateImage(refer(at, `${repository}:1`), options)
    const [platform] = assessment.platforms
    const problems = platform?.problems.map(({ code }) => code)
    const found = platform?.scan?.findings.some(({ id }) => id === finding) ?? false
    return { outcome: verdict.outcome, problems, found, platform }
  }
  const blocked = { outcome: "blocked", problems: [], found: true }

  it.each([
    ["in an envelope", true],
    ["bare", false],
  ])("finds cosign 1's CycloneDX, %s", async (_, dsse) => {
    const predicate = { Data: cyclonedx, Timestamp: "" }
    const type = "https://cyclonedx.org/schema"
    const image = withReferrer((one) => aStatement(platformOf(one), { predicateType: type, predicate, dsse }))
    expect(await judge(image)).toMatchObject(blocked)
  })

  it.each([
    ["the vulnerable stage last", [spdxOf([safe]).predicate, spdx]],
    ["the vulnerable stage first", [spdx, spdxOf([safe]).predicate]],
  ])("judges BuildKit's SBOMs of all stages: %s", async (_, documents) => {
    const scanner = new HostScanner()
    const { platform, ...result } = await judge(byStages(documents), { predicateType: spdxType, scanner })
    expect(result).toEqual(blocked)
    expect({ components: platform?.sbom?.components, others: platform?.otherSboms }).toEqual({ components: 2 })
    expect(scanner.scans).toHaveLength(2)
  })

  it("blocks when one of several stages has what nobody assesses, or cannot be read", async () => {
    const unknown = spdxOf([safe, "pkg:generic/x@1"]).predicate
    const odd = await judge(byStages([spdxOf([safe]).predicate, unknown]), { predicateType: spdxType })
    expect(odd.outcome).toBe("unassessed")
    expect(odd.platform?.scan?.unassessed.map(({ purl }) => purl)).toEqual(["pkg:generic/x@1"])
    const broken = await judge(
      byStages([spdxOf([safe]).predicate, { ...(spdxOf([safe, vulnerable]).predicate as object), Packages: [] }]),
      {
        predicateType: spdxType,
      },
    )
    expect(broken).toMatchObject({ outcome: "blocked-missing-sbom", problems: ["SBOM_UNREADABLE"] })
  })

  it("still holds two attachments against each other that say different things", async () => {
    const image = byStages([spdxOf([safe]).predicate])
    const planted = aStatement(platformOf(image), { predicateType: spdxType, predicate: spdx })
    const result = await judge({ ...image, referrers: [...image.referrers, planted] }, { predicateType: spdxType })
    expect(result.problems).toEqual(["SBOM_AMBIGUOUS"])
  })

  it.each<[string, TestImage, string]>([
    ["Harbor's accessory", accessory("application/vnd.goharbor.harbor.sbom.v1", "application/spdx+json", spdx), "spdx"],
    [
      "a type with a parameter",
      accessory("application/vnd.cyclonedx+json;version=1.6", "application/vnd.cyclonedx+json;version=1.6", cyclonedx),
      "cyclonedx",
    ],
    ["a type of one's own", accessory("sbom/example", "application/spdx+json", spdx), "spdx"],
    ["a type of one's own with any JSON", accessory("sbom/example", "application/json", cyclonedx), "cyclonedx"],
  ])("finds the SBOM of %s", async (_, image, predicateType) => {
    expect(await judge(image, { predicateType })).toMatchObject(blocked)
    expect(await judge(image, { predicateType: "" })).toMatchObject(blocked)
  })

  it("takes no other attachment of somebody's own type for an SBOM", async () => {
    const good = anImage({ sbom: "cyclonedx", packages: [safe] })
    const notes = ["application/json", "application/vnd.example.note+json", "application/octet-stream", "text/plain"]
    const referrers = notes.map((mediaType) =>
      aReferrer(platformOf(good), {
        artifactType: "application/vnd.example.note",
        layers: [{ mediaType, content: mediaType.endsWith("json") ? '{"text":"\\u00fc"}' : "not JSON" }],
      }),
    )
    const image = { ...good, referrers: [...good.referrers, ...referrers] }
    expect(await judge(image)).toMatchObject({ outcome: "promote", problems: [], found: false })
  })

  it("uses the other format when the caller named none, and says which", async () => {
    const image = withReferrer((one) => aStatement(platformOf(one), { predicateType: spdxType, predicate: spdx }))
    const { platform, ...result } = await judge(image, { predicateType: "" })
    expect(result).toEqual(blocked)
    expect(platform?.sbom).toMatchObject({ predicateType: spdxType, format: "spdx" })
    expect(await judge(image, { predicateType: "https://cyclonedx.org/bom" })).toMatchObject({
      outcome: "blocked-missing-sbom",
      problems: ["SBOM_MISSING"],
    })
  })

  it("prefers CycloneDX, and lets no other format stand for one that cannot be used", async () => {
    const both = anImage({ sbom: "cyclonedx", packages: [safe] })
    const second = aStatement(platformOf(both), { predicateType: spdxType, predicate: spdx })
    const preferred = await judge({ ...both, referrers: [...both.referrers, second] }, { predicateType: "" })
    expect(preferred).toMatchObject({ outcome: "blocked", platform: { sbom: { format: "cyclonedx" } } })
    const predicate = { ...(cyclonedx as object), Components: [] }
    const broken = withReferrer((one) =>
      aStatement(platformOf(one), { predicateType: "https://cyclonedx.org/bom", predicate }),
    )
    const other = aStatement(platformOf(broken), { predicateType: spdxType, predicate: spdxOf([safe]).predicate })
    const result = await judge({ ...broken, referrers: [...broken.referrers, other] }, { predicateType: "" })
    expect(result).toMatchObject({ outcome: "blocked-missing-sbom", problems: ["SBOM_UNREADABLE"] })
  })

  it("judges by both formats where the second says more, and by one where it says the same", async () => {
    const both = (first: readonly string[], second: readonly string[]) => {
      const image = anImage({ sbom: "cyclonedx", packages: first })
      const spdxToo = aStatement(platformOf(image), { predicateType: spdxType, predicate: spdxOf(second).predicate })
      return judge({ ...image, referrers: [...image.referrers, spdxToo] }, { predicateType: "" })
    }

    expect((await both([safe], [vulnerable])).outcome).toBe("blocked")
    expect((await both([vulnerable], [safe])).outcome).toBe("blocked")
    expect((await both([safe], ["pkg:generic/thing@1"])).outcome).toBe("unassessed")
    const same = await both([safe, "pkg:npm/lodash@4.17.21"], [safe])
    expect(same).toMatchObject({ outcome: "promote", problems: [], platform: { sbom: { components: 2 } } })
  })

  it("takes two of the second format that differ for ambiguous, whatever is said in the first", async () => {
    const image = anImage({ sbom: "cyclonedx", packages: [safe] })
    const more = [[safe], ["pkg:npm/lodash@4.17.20"]].map((packages) =>
      aStatement(platformOf(image), { predicateType: spdxType, predicate: spdxOf(packages).predicate }),
    )
    const result = await judge({ ...image, referrers: [...image.referrers, ...more] }, { predicateType: "" })
    expect(result.problems).toContain("SBOM_AMBIGUOUS")
    expect(result.outcome).not.toBe("promote")
    const [used, told] = [result.platform?.sbom, result.platform?.problems.map(({ message }) => message).join()]
    expect(used?.format).toBe("cyclonedx")
    expect(told).not.toContain("was used")
    expect(told).toContain(`pass --predicate-type cyclonedx to be judged by SBOM ${used?.referrer} alone`)
  })

  it("says that none is there when neither is", async () => {
    expect(await judge(anImage(), { predicateType: "" })).toMatchObject({ problems: ["SBOM_MISSING"] })
  })
})
