// Images whose SBOM is missing, wrong, planted or of packages that nobody can assess: each is a problem by name and an
// outcome, never a crash, and never a pass.
import { readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { defaultPolicy, type Policy } from "../../core/policy/document/policy.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { digestOf, manifestOf, testMediaTypes } from "../support/build-manifest.js"
import { aReferrer, aStatement } from "../support/build-referrer.js"
import { cyclonedxOf, spdxOf } from "../support/build-sbom.js"
import { HostScanner } from "../support/host-scanner.js"
import { cyclonedxType, platformOf, withBuildkitSbom, withEntries, withSbom } from "../support/odd-images.js"
import { gateImage, type GateOptions, refer } from "../support/promotion.js"
import { pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const json = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8")) as unknown
const safe = "pkg:npm/minimist@1.2.8"
const spdxType = "https://spdx.dev/Document"

describe.each(["api", "distribution"] as const)("odd images on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())

  const judge = async (image: TestImage, options: GateOptions = {}) => {
    const repository = `odd/${++number}`
    await pushImage(at.url, repository, "1", image)
    const { assessment, verdict } = await gateImage(refer(at, `${repository}:1`), options)
    const problems = assessment.platforms.map((platform) => platform.problems.map(({ code }) => code))
    const blocking = verdict.reasons.filter(({ effect }) => effect === "block").map(({ code }) => code)
    return { outcome: verdict.outcome, problems, blocking, assessment, verdict }
  }

  const other = digestOf("another platform")
  const sbom = (packages: readonly string[] = [safe]) => ({ ...cyclonedxOf(packages) })
  const two = (image: TestImage, second: TestImage["referrers"][number]) => ({
    ...image,
    referrers: [...image.referrers, second],
  })
  const good = anImage({ sbom: "cyclonedx", packages: [safe] })
  const junk = (content: string) =>
    aReferrer(platformOf(anImage()), {
      artifactType: testMediaTypes.inToto,
      annotations: { "in-toto.io/predicate-type": cyclonedxType },
      layers: [{ mediaType: testMediaTypes.inToto, content }],
    })

  it("promotes what has nothing wrong", async () => {
    expect(await judge(good)).toMatchObject({ outcome: "promote", problems: [[]], blocking: [] })
  })

  it.each<[string, TestImage, string]>([
    ["none is attached", anImage(), "SBOM_MISSING"],
    [
      "the statement is about another digest",
      anImage({ sbom: "cyclonedx", packages: [safe], statementSubject: other }),
      "SBOM_FOREIGN_SUBJECT",
    ],
    ["it lists nothing", anImage({ sbom: "cyclonedx", packages: [] }), "SBOM_EMPTY"],
    ["it is no JSON", { ...anImage(), referrers: [junk("{")] }, "SBOM_UNREADABLE"],
    ["it is no statement", { ...anImage(), referrers: [junk('{"a":1}')] }, "SBOM_UNREADABLE"],
    [
      "a second one lists other packages",
      two(good, aStatement(platformOf(good), sbom(["pkg:npm/lodash@4.17.21"]))),
      "SBOM_AMBIGUOUS",
    ],
  ])("blocks when %s", async (_, image, problem) => {
    const { outcome, problems, blocking } = await judge(image)
    expect({ outcome, problems }).toEqual({ outcome: "blocked-missing-sbom", problems: [[problem]] })
    expect(blocking).toEqual(["MISSING_SBOM"])
  })

  it("blocks the image when one of its platforms has no SBOM", async () => {
    const image = anImage({
      platforms: ["linux/amd64", "linux/arm64"],
      sbom: "cyclonedx",
      packages: [safe],
      withoutSbom: ["linux/arm64"],
    })
    const { outcome, problems, verdict } = await judge(image)
    expect({ outcome, problems }).toEqual({ outcome: "blocked-missing-sbom", problems: [[], ["SBOM_MISSING"]] })
    expect(verdict.platforms.map(({ platform, missingSbom }) => [platform, missingSbom])).toEqual([
      ["linux/amd64", false],
      ["linux/arm64", true],
    ])
  })

  it("reads BuildKit's SBOM out of the index, and takes its entry for no platform", async () => {
    const image = withBuildkitSbom({}, spdxOf(["pkg:npm/lodash@4.17.20"]))
    const { assessment } = await judge(image, { predicateType: spdxType })
    expect(assessment.platforms.map(({ platform }) => platform)).toEqual(["linux/amd64"])
    expect(assessment.platforms[0]?.scan?.findings.map(({ id }) => id)).toContain("CVE-2021-23337")
    expect(assessment.platforms[0]?.problems).toEqual([])
  })

  it.each([
    ["about the platform", platformOf(anImage()).digest, { outcome: "blocked", problems: [[]] }],
    ["about another digest", other, { outcome: "blocked-missing-sbom", problems: [["SBOM_FOREIGN_SUBJECT"]] }],
  ])("reads the SBOM under cosign's attestation tag, %s", async (_, statementSubject, expected) => {
    const image = anImage()
    const { predicateType, predicate } = cyclonedxOf(["pkg:npm/lodash@4.17.20"])
    const statement = aStatement(platformOf(image), { predicateType, predicate, dsse: true, statementSubject })
    // cosign's manifest has no subject: its tag says what it is attached to.
    const { subject: _subject, ...content } = JSON.parse(statement.bytes.toString()) as Record<string, unknown>
    const repository = `odd/${++number}`
    await pushImage(at.url, repository, "1", image)
    const tag = `${platformOf(image).digest.replace(":", "-")}.att`
    await pushManifest(at.url, repository, manifestOf(testMediaTypes.manifest, content, statement.blobs), tag)
    const { assessment, verdict } = await gateImage(refer(at, `${repository}:1`))
    const problems = assessment.platforms.map((platform) => platform.problems.map(({ code }) => code))
    expect({ outcome: verdict.outcome, problems }).toEqual(expected)
  })

  it("judges an entry that only claims to be no platform", async () => {
    const hidden = { platform: { os: "unknown", architecture: "unknown" } }
    const image = withEntries(
      anImage({ platforms: ["linux/amd64", "linux/arm64"], sbom: "cyclonedx", packages: [safe] }),
      ([first, second]) => [...(first ? [first] : []), ...(second ? [{ ...second, ...hidden }] : [])],
    )
    const { outcome, blocking } = await judge(image)
    expect(outcome).not.toBe("promote")
    expect(blocking).toContain("PLATFORM_MISSING")
  })

  it("scans a manifest once that two platforms share, and judges both", async () => {
    const image = withEntries(good, (entries) => [
      ...entries,
      ...entries.map((entry) => ({ ...entry, platform: { os: "linux", architecture: "arm64" } })),
    ])
    const scanner = new HostScanner()
    const { outcome, assessment } = await judge(image, { scanner })
    expect(assessment.platforms.map(({ platform }) => platform)).toEqual(["linux/amd64", "linux/arm64"])
    expect({ outcome, scans: scanner.scans.length }).toEqual({ outcome: "promote", scans: 1 })
  })

  it("judges an index of one foreign platform like any other", async () => {
    const { outcome, assessment } = await judge(
      anImage({ platforms: ["linux/arm64"], sbom: "cyclonedx", packages: [safe] }),
    )
    expect({ outcome, platforms: assessment.platforms.map(({ platform }) => platform) }).toEqual({
      outcome: "promote",
      platforms: ["linux/arm64"],
    })
  })

  it("blocks a single image whose config names no platform", async () => {
    const { outcome, problems, blocking } = await judge(
      anImage({ platforms: ["/"], single: true, sbom: "cyclonedx", packages: [safe] }),
    )
    expect({ outcome, problems, blocking }).toEqual({
      outcome: "blocked",
      problems: [["PLATFORM_UNKNOWN"]],
      blocking: ["PLATFORM_MISSING"],
    })
  })

  it("blocks packages that Trivy passes over, until an exception accepts and counts them", async () => {
    const image = anImage({ sbom: "cyclonedx", packages: [safe, "pkg:dhi/python@3.14.3"] })
    const blocked = await judge(image)
    expect(blocked).toMatchObject({ outcome: "unassessed", blocking: ["UNASSESSED"] })
    expect(blocked.verdict.platforms[0]?.unassessed.map(({ purl }) => purl)).toEqual(["pkg:dhi/python@3.14.3"])
    const accepted: Policy = {
      ...defaultPolicy(),
      exceptions: [{ package: "pkg:dhi/*", images: [], platforms: [], reason: "hardened by its vendor" }],
    }
    const passed = await judge(image, { policy: accepted })
    expect(passed).toMatchObject({ outcome: "promote", blocking: [] })
    expect(passed.verdict.exceptions.map(({ state, uses }) => [state, uses])).toEqual([["used", 1]])
    expect(passed.verdict.reasons.map(({ code, effect }) => [code, effect])).toContainEqual(["UNASSESSED", "report"])
  })

  it.each([
    ["shim-spdx-dhi-python.json", "SBOM_EMPTY", "blocked-missing-sbom"],
    // Trivy itself refuses it: a document of one package without a relationship.
    ["shim-spdx-python-pkg-dhi.json", "SCANNER_FAILED", "blocked"],
  ])("blocks Docker's own SBOM %s as %s", async (name, problem, outcome) => {
    const found = await judge(withSbom(json(`dhi/${name}`), spdxType), { predicateType: spdxType })
    expect({ outcome: found.outcome, problems: found.problems }).toEqual({ outcome, problems: [[problem]] })
  })

  it("blocks when the only package is one that Trivy passes over", async () => {
    const { outcome, problems } = await judge(anImage({ sbom: "cyclonedx", packages: ["pkg:dhi/python@3.14.3"] }))
    expect({ outcome, problems }).toEqual({ outcome: "unassessed", problems: [["NOTHING_RECOGNISED"]] })
  })

  it("blocks OS packages of a system that Trivy does not know", async () => {
    const { purl } = (json("dhi/example-sbom-id-dhi-debian.json") as { packages: { purl: string }[] }).packages[0] ?? {
      purl: "",
    }
    const { predicate } = cyclonedxOf([purl, safe])
    const system = { type: "operating-system", name: "dhi", version: "13", "bom-ref": "os" }
    const document = predicate as { components: object[] }
    const { outcome, problems } = await judge(withSbom({ ...document, components: [system, ...document.components] }))
    expect(outcome).toBe("unassessed")
    expect(problems).toEqual([["OS_UNSUPPORTED"]])
  })

  it.each([
    // Its dependencies are a circle; its packages are recognised and have no findings.
    ["sbom-infinite-loop.cdx.json", "promote", []],
    ["sbom-invalid-purl.cdx.json", "unassessed", ["UNASSESSED"]],
    ["sbom-third-party-no-os.cdx.json", "unassessed", ["UNASSESSED", "UNASSESSED"]],
  ])("ends with a verdict on %s", async (name, outcome, blocking) => {
    expect(await judge(withSbom(json(`trivy/${name}`)))).toMatchObject({ outcome, blocking })
  })

  it("blocks when Trivy fails", async () => {
    const { outcome, problems, blocking } = await judge(good, {
      scanner: new HostScanner({ cacheFolder: `${tmpdir()}/cssc-no-database-here` }),
    })
    expect({ outcome, problems, blocking }).toEqual({
      outcome: "blocked",
      problems: [["SCANNER_FAILED"]],
      blocking: ["SCAN_FAILED"],
    })
  })

  it.each([
    ["without results", '{"SchemaVersion":2,"ArtifactName":"sbom.json"}', "NOTHING_RECOGNISED", "unassessed"],
    ["that is cut off", '{"SchemaVersion":2,"Res', "REPORT_UNREADABLE", "blocked"],
  ])("blocks on a report %s", async (_, text, problem, outcome) => {
    const scanner = Object.assign(new HostScanner(), { scanSbom: () => Promise.resolve(text) })
    expect(await judge(good, { scanner })).toMatchObject({ outcome, problems: [[problem]] })
  })

  it("blocks on a database older than the policy allows, and reports it when the policy says so", async () => {
    const scanner = new HostScanner({ age: "stale" })
    expect(await judge(good, { scanner })).toMatchObject({ outcome: "unassessed", blocking: ["DATABASE_STALE"] })
    const policy = { ...defaultPolicy(), database: { ...defaultPolicy().database, stale: "report" as const } }
    const told = await judge(good, { scanner, policy })
    expect(told.outcome).toBe("promote")
    expect(told.verdict.reasons.map(({ code, effect }) => [code, effect])).toContainEqual(["DATABASE_STALE", "report"])
  })

  it("refuses what has nothing to run", async () => {
    await expect(judge(withEntries(anImage(), () => []))).rejects.toMatchObject({ code: "MANIFEST_UNSUPPORTED" })
    const artifact = aStatement(platformOf(good), sbom())
    const alone: TestImage = { ...anImage(), referrers: [], root: artifact, digest: artifact.descriptor.digest }
    await expect(judge(alone)).rejects.toMatchObject({ code: "MANIFEST_UNSUPPORTED" })
  })
})
