// Scanning real images through their SBOMs and their file systems: real oras, Trivy and registries.
import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { assess } from "../../core/assess/assess.js"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import type { Assessment, ScanMethod } from "../../core/findings/assessment.js"
import { pin } from "../../core/image/image-graph.js"
import { anImage } from "../support/build-image.js"
import { aStatement } from "../support/build-referrer.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { anOperation, newRegistry, refer } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/trivy/${name}`, import.meta.url), "utf8"))

describe.each(["api", "distribution"] as const)("scan on %s", (kind) => {
  let at: TestRegistry
  beforeAll(async () => {
    at = await startRegistry(kind)
    const layout = await imagesLayout()
    for (const tag of ["clean", "vulnerable", "no-sbom", "dsse", "spdx"])
      await pushLayout(layout, tag, { registry: at, repository: "app" })
  })
  afterAll(() => at.stop())

  const scan = async (name: string, method: ScanMethod, predicateType: string = predicateTypes.cyclonedx) => {
    const registry = newRegistry()
    const image = await pin(registry, refer(at, name))
    const request = { image, method, predicateType }
    return (await assess(anOperation({ registry }), request)).assessment
  }

  it("finds what Trivy's own test expects in its SBOM", async () => {
    const expected = fixture("report-sbom-fluentd-cyclonedx.json") as Report
    const image = anImage()
    await pushImage(at.url, "oracle", "1", image)
    const predicate = fixture("sbom-fluentd-cyclonedx.json")
    await attachReferrer(
      at.url,
      "oracle",
      aStatement(subjectOf(image), { predicateType: "https://cyclonedx.org/bom", predicate }),
    )
    const assessment = await scan("oracle:1", "sbom")
    expect(idsOf(assessment)).toEqual({ "linux/amd64": idsIn(expected) })
    expect(idsIn(expected)).toHaveLength(3)
  })

  it.each([
    ["clean", predicateTypes.cyclonedx, "statement"],
    ["vulnerable", predicateTypes.cyclonedx, "statement"],
    ["dsse", predicateTypes.cyclonedx, "dsse"],
    ["spdx", predicateTypes.spdx, "statement"],
  ])("finds the same in the SBOMs of %s as in its file systems", async (tag, predicateType, envelope) => {
    const [bySbom, byImage] = await Promise.all([
      scan(`app:${tag}`, "sbom", predicateType),
      scan(`app:${tag}`, "image"),
    ])
    expect(idsOf(bySbom)).toEqual(idsOf(byImage))
    expect(bySbom.platforms.map(({ platform }) => platform)).toEqual(["linux/amd64", "linux/arm64"])
    for (const platform of bySbom.platforms) {
      expect(platform.problems).toEqual([])
      expect(platform.sbom?.envelope).toBe(envelope)
      expect(platform.scan?.os?.family).toBe("debian")
      expect(platform.scan?.unassessed).toEqual([])
    }
  })

  it("keeps findings apart by platform", async () => {
    const found = idsOf(await scan("app:vulnerable", "sbom"))
    expect(found["linux/amd64"]).toContain("CVE-2021-44906")
    expect(found["linux/arm64"]).not.toContain("CVE-2021-44906")
    expect(found["linux/arm64"]).toContain("CVE-2021-23337")
  })

  it("names the platform without an SBOM and scans the others", async () => {
    const { platforms } = await scan("app:no-sbom", "sbom")
    expect(platforms.map(({ platform, scan }) => [platform, scan !== undefined])).toEqual([
      ["linux/amd64", true],
      ["linux/arm64", false],
    ])
    expect(platforms[1]?.problems.map(({ code }) => code)).toEqual(["SBOM_MISSING"])
  })

  it("does not take an SPDX document when CycloneDX is wanted", async () => {
    const { platforms } = await scan("app:spdx", "sbom")
    expect(platforms.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      ["SBOM_MISSING"],
      ["SBOM_MISSING"],
    ])
  })

  it("scans an image of one platform by its config", async () => {
    const { platforms } = await scan(`app@${await platformOf("clean")}`, "image")
    expect(platforms.map(({ platform, scan }) => [platform, scan?.os?.family])).toEqual([["linux/arm64", "debian"]])
  })

  const platformOf = async (tag: string) => (await scan(`app:${tag}`, "sbom")).platforms[1]?.digest ?? ""
})

type Report = {
  readonly Results: readonly { readonly Vulnerabilities?: readonly { readonly VulnerabilityID: string }[] }[]
}

function idsIn({ Results }: Report): string[] {
  return [
    ...new Set(Results.flatMap(({ Vulnerabilities = [] }) => Vulnerabilities.map((one) => one.VulnerabilityID))),
  ].sort()
}

function idsOf({ platforms }: Assessment): Record<string, string[]> {
  const ids = (scan: Assessment["platforms"][number]["scan"]) =>
    [...new Set((scan?.findings ?? []).map(({ id }) => id))].sort()
  return Object.fromEntries(platforms.map(({ platform, scan }) => [platform, ids(scan)]))
}

function subjectOf(image: ReturnType<typeof anImage>) {
  const [first] = image.platforms
  if (first === undefined) throw new Error("the image has no platform")
  return first.manifest.descriptor
}
