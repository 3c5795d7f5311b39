// The SBOM against the file system of a real image. What can go wrong: an SBOM that leaves a vulnerable package out, or
// that belongs to another build, is scanned and found clean; and an honest one is taken for a lie, because two of
// Trivy's readings of one package differ.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { pin } from "../../core/image/image-graph.js"
import type { Policy } from "../../core/policy/document/policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import { aKey } from "../core/attestation/build-signed.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { attachedStatements } from "../support/attached-statements.js"
import { aSigned } from "../support/build-attestation.js"
import { aPolicy } from "../support/build-policy.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { gateImage, newRegistry, refer } from "../support/promotion.js"
import { attachReferrer } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const acme = aKey()
const strict = aPolicy({ acme }, { "cross-examination": "block", signatures: { sbom: "block" } })
const predicateType = "https://cyclonedx.org/bom/v1.6"

type Component = { readonly purl?: string; readonly "bom-ref"?: string }
type Bom = { readonly components: readonly Component[] }
const named = (name: string) => (component: Component) => (component.purl ?? "").startsWith(`pkg:npm/${name}@`)

describe("cross-examination", () => {
  let at: TestRegistry
  let number = 0
  /** SBOMs of the image `clean`, by platform. */
  let honest: Readonly<Record<string, Bom>>
  beforeAll(async () => {
    at = await startRegistry("distribution")
    const layout = await imagesLayout()
    for (const tag of ["clean", "vulnerable"]) await pushLayout(layout, tag, { registry: at, repository: "upstream" })
    honest = await sbomsOf("clean")
  })
  afterAll(() => at.stop())

  async function sbomsOf(tag: string): Promise<Readonly<Record<string, Bom>>> {
    const image = await pin(newRegistry(), refer(at, `upstream:${tag}`))
    const found = (await attachedStatements(image)).filter((one) => one.predicateType.startsWith("https://cyclonedx"))
    const platforms = await platformsOf(tag)
    return Object.fromEntries(
      found.map(({ subject, predicate }) => [platforms.get(subject) ?? "", predicate as unknown as Bom]),
    )
  }

  async function platformsOf(tag: string): Promise<ReadonlyMap<string, string>> {
    const { manifests } = JSON.parse((await newRegistry().manifest(refer(at, `upstream:${tag}`))) ?? "{}") as Index
    return new Map(manifests.map(({ digest, platform }) => [digest, platform.architecture]))
  }

  /** An image of real layers, with SBOMs that somebody whom we trust signed about its very platforms. */
  async function withSboms(tag: string, sbomOf: (architecture: string) => Bom): Promise<string> {
    const repository = `quarantine/app${++number}`
    const registry = newRegistry()
    const source = await pin(registry, refer(at, `upstream:${tag}`))
    const target = { registry: at.address, repository }
    await registry.copy({ source, target, tag: "1", referrers: false })
    const { manifests } = JSON.parse((await registry.manifest(source)) ?? "{}") as Index
    for (const { platform, ...subject } of manifests) {
      const said = { predicateType, predicate: sbomOf(platform.architecture) }
      await attachReferrer(at.url, repository, aSigned(subject, said, acme))
    }
    return `${repository}:1`
  }
  const bom = (architecture: string, change: (components: readonly Component[]) => readonly Component[]): Bom => {
    const found = honest[architecture] ?? { components: [] }
    return { ...found, components: change(found.components) }
  }
  const judge = (name: string, policy: Policy = strict) => gateImage(refer(at, name), { policy })

  it("lets an honest SBOM pass, and tells how many packages both know", async () => {
    const { assessment, verdict } = await judge(
      await withSboms("clean", (architecture) => bom(architecture, (all) => all)),
    )
    expect(verdict.outcome).toBe("promote")
    for (const { comparison } of assessment.platforms) {
      expect(comparison).toMatchObject({ onlyInImage: [], onlyInSbom: [] })
      expect(comparison?.common).toBeGreaterThan(8)
    }
  })

  it("names the vulnerable packages that the SBOM of another build hides, where without it the image passes", async () => {
    const name = await withSboms("vulnerable", (architecture) => bom(architecture, (all) => all))
    expect((await judge(name, aPolicy({ acme }, { signatures: { sbom: "block" } }))).verdict.outcome).toBe("promote")
    const { assessment, verdict } = await judge(name)
    expect(verdict.outcome).toBe("blocked")
    expect(new Set(codesOf(verdict, "block"))).toEqual(new Set(["SBOM_MISMATCH"]))
    for (const { comparison } of assessment.platforms)
      expect(comparison?.onlyInImage).toContain("pkg:npm/lodash@4.17.20")
    const reasons = verdict.reasons.map(({ message }) => message)
    expect(reasons).toContainEqual(expect.stringMatching(/^linux\/amd64: stale SBOM: \d+ packages only in the image: /))
    expect(reasons).toContainEqual(
      expect.stringMatching(/^linux\/arm64: planted SBOM: \d+ packages only in the SBOM: /),
    )
  })

  it("names one package that was left out on one platform", async () => {
    const name = await withSboms("clean", (architecture) =>
      bom(architecture, (all) => (architecture === "arm64" ? all.filter((one) => !named("minimist")(one)) : all)),
    )
    const { verdict } = await judge(name)
    expect(codesOf(verdict, "block")).toEqual(["SBOM_MISMATCH"])
    expect(messageOf(verdict, "SBOM_MISMATCH")).toBe(
      "linux/arm64: stale SBOM: 1 package only in the image: pkg:npm/minimist@1.2.8",
    )
  })

  it("names one package that is not in the image, and one of another version as both", async () => {
    const planted = await withSboms("clean", (architecture) =>
      bom(architecture, (all) => [...all, aPackage("pkg:npm/left-pad@1.3.0")]),
    )
    expect(messageOf((await judge(planted)).verdict, "SBOM_MISMATCH")).toBe(
      "linux/amd64: planted SBOM: 1 package only in the SBOM: pkg:npm/left-pad@1.3.0",
    )
    const other = await withSboms("clean", (architecture) =>
      bom(architecture, (all) => [...all.filter((one) => !named("lodash")(one)), aPackage("pkg:npm/lodash@4.17.22")]),
    )
    const { assessment } = await judge(other)
    expect(assessment.platforms[0]?.comparison).toMatchObject({
      onlyInImage: ["pkg:npm/lodash@4.17.21"],
      onlyInSbom: ["pkg:npm/lodash@4.17.22"],
    })
  })

  it("only reports it where the policy says so, and blocks a stored assessment in which nobody compared", async () => {
    const name = await withSboms("vulnerable", (architecture) => bom(architecture, (all) => all))
    const { assessment, verdict } = await judge(name, aPolicy({ acme }, { "cross-examination": "report" }))
    expect(verdict.outcome).toBe("promote")
    expect(codesOf(verdict, "report")).toContain("SBOM_MISMATCH")
    expect(evaluate(assessment, strict, { now: new Date() }).outcome).toBe("blocked")
    const uncompared = await judge(name, aPolicy({ acme }))
    const later = evaluate(uncompared.assessment, strict, { now: new Date() })
    expect(messageOf(later, "SBOM_MISMATCH")).toContain("nobody compared the SBOM with the file system")
  })

  it("blocks when the file system cannot be scanned: then there is one witness only", async () => {
    const name = await withSboms("clean", (architecture) => bom(architecture, (all) => all))
    const [platform] = (await platformsOf("clean")).keys()
    const { layers } = JSON.parse((await newRegistry().manifest(refer(at, `upstream@${platform}`))) ?? "{}")
    await at.fault({ kind: "drop-blob", digest: layers[0].digest })
    const { verdict } = await judge(name)
    await at.clearFaults()
    expect(codesOf(verdict, "block")).toEqual(["SBOM_MISMATCH"])
    expect(messageOf(verdict, "SBOM_MISMATCH")).toMatch(
      /^linux\/amd64: the SBOM could not be compared with the file system: .*cannot scan/,
    )
  })
})

type Entry = {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly platform: { readonly architecture: string }
}
type Index = { readonly manifests: readonly Entry[] }

function aPackage(purl: string): object {
  const [, name = "", version = ""] = /\/([^/@]+)@(.+)$/.exec(purl) ?? []
  return { type: "library", name, version, purl, "bom-ref": purl }
}
