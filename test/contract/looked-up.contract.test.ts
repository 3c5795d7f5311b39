// What exporters make of a vulnerable package's name, version and purl, for each kind of the test database, scanned for
// real: the outcome is the finding, or the package is unassessed, or the SBOM is refused. Never silence.
import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { CsscError } from "../../core/errors.js"
import { parseTrivyReport } from "../../core/findings/trivy-report.js"
import { unassessedPackages } from "../../core/sbom/coverage.js"
import { sbomCoverageProblems } from "../../core/sbom/os-coverage.js"
import { isEmptySbom, parseSbom } from "../../core/sbom/sbom.js"
import { HostScanner } from "../support/host-scanner.js"
import { cyclonedxComponent, type Draft, draftOf, spdxPackage, tricks } from "../support/odd-packages.js"
import { type Seed, seeds } from "../support/vulnerable-packages.js"

type Variant = {
  readonly id: string
  readonly recipe: readonly string[]
  readonly draft: Draft
  readonly seed: Seed
}
type Row = Readonly<Record<string, unknown>> & {
  readonly Identifier?: { BOMRef?: string; PURL?: string }
  readonly PkgIdentifier?: { BOMRef?: string }
}
type Raw = { readonly Results?: readonly { Packages?: Row[]; Vulnerabilities?: Row[] }[] }

const names = Object.keys(tricks)
const pairs = fc.sample(fc.uniqueArray(fc.constantFrom(...names), { minLength: 2, maxLength: 3 }), {
  numRuns: 150,
  seed: 20261126,
})
const recipes = [[], ...names.map((name) => [name]), ...pairs]

function variantsOf(seed: Seed): Variant[] {
  return recipes.flatMap((recipe, number) => {
    const draft = recipe.reduce((before, name) => tricks[name]?.(before) ?? before, draftOf(seed))
    return [{ id: `${seed.type} ${number}: ${recipe.join(", ")}`, recipe, draft, seed }]
  })
}

/** Spellings that name another package or version of the kind, which nobody can tell from a mistake. */
const others: Readonly<Record<string, readonly string[]>> = {
  // Letters are part of any version there.
  deb: ["letters for digits", "an x", "no source"],
  // Capitals are how the module is spelled, which a purl in small letters does not tell.
  golang: ["a name in capitals"],
  // The name of a project is free there: the purl alone says what it is.
  maven: ["another name in the purl"],
}

function isAnother({ recipe, seed }: Variant): boolean {
  const another = others[seed.type] ?? []
  return recipe.some((name) => another.includes(name))
}

function documentOf(system: object | undefined, components: readonly object[]): object {
  const all = [...(system === undefined ? [] : [system]), ...components]
  return { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components: all }
}

/** All that the scanner looks a package up by: of several that are the same in it, a finding names one. */
function lookedUpBy({ Name, Version, Release, Epoch, ...row }: Row): string {
  const { SrcName, SrcVersion, SrcRelease, SrcEpoch, Identifier, Arch, Modularitylabel } = row
  // RPMs are looked up by themselves, all others by their sources.
  const isRpm = /^pkg:rpm\//i.test(String(Identifier?.PURL))
  const more = isRpm
    ? [Arch, String(Modularitylabel).split(":").slice(0, 2)]
    : [SrcName, SrcVersion, SrcRelease, SrcEpoch]
  return JSON.stringify([Name, Version, Release, Epoch, ...more])
}

/** What the report says of one component, as if it had been scanned alone. */
function reportAbout(raw: Raw, id: string): string {
  const Results = (raw.Results ?? []).map((result) => {
    const all = result.Packages ?? []
    const Packages = all.filter((row) => row.Identifier?.BOMRef === id)
    const keys = new Set(Packages.map(lookedUpBy))
    const same = new Set(all.filter((row) => keys.has(lookedUpBy(row))).map((row) => row.Identifier?.BOMRef))
    const Vulnerabilities = (result.Vulnerabilities ?? []).filter((row) => same.has(row.PkgIdentifier?.BOMRef))
    return { ...result, Packages, Vulnerabilities }
  })
  return JSON.stringify({ ...raw, Results: Results.filter(({ Packages }) => Packages.length > 0) })
}

function outcomeOf(document: object, report: string, seed: Seed): "found" | "unassessed" | "refused" | "silent" {
  try {
    const sbom = parseSbom(document)
    if (isEmptySbom(sbom)) return "refused"
    const read = parseTrivyReport(report, { platform: "linux/amd64", digest: "-" })
    if (read.findings.some(({ id }) => id === seed.finding)) return "found"
    const problems = sbomCoverageProblems(sbom, read)
    return unassessedPackages(sbom, read.packages, read.unmatched).length + problems.length > 0
      ? "unassessed"
      : "silent"
  } catch (error) {
    if (error instanceof CsscError) return "refused"
    throw error
  }
}

describe.each(Object.entries(seeds))("vulnerable packages of %s", (_, { system, packages }) => {
  const variants = packages.flatMap(variantsOf)
  let raw: Raw
  beforeAll(async () => {
    // The scanner takes one operating system for all, and lists none as a package.
    const listed = variants.filter(({ draft }) => draft.kind !== "operating-system")
    const components = listed.map(({ id, draft }) => cyclonedxComponent(draft, id))
    raw = JSON.parse(await new HostScanner().scanSbom(JSON.stringify(documentOf(system, components)))) as Raw
  })
  const judge = ({ id, draft, seed }: Variant) =>
    outcomeOf(documentOf(system, [cyclonedxComponent(draft, id)]), reportAbout(raw, id), seed)

  it("are found as they are", () => {
    const plain = variants.filter(({ id }) => id.endsWith(" 0: "))
    expect(plain.map((variant) => [variant.id, judge(variant)])).toEqual(plain.map(({ id }) => [id, "found"]))
  })

  it("are found or unassessed however they are spelled", () => {
    const silent = variants.filter((variant) => !isAnother(variant) && judge(variant) === "silent")
    expect(silent.map(({ id, draft }) => `${id} ${JSON.stringify(cyclonedxComponent(draft, ""))}`)).toEqual([])
  })

  it("are found in many spellings, so that the test proves something", () => {
    const found = variants.filter((variant) => judge(variant) === "found").length
    expect(found).toBeGreaterThan(variants.length / 20)
    expect(found).toBeLessThan(variants.length)
  })
})

describe("vulnerable packages of SPDX documents", () => {
  const [npm] = seeds.languages.packages
  const spellings = [
    "npm: in the name",
    "another name",
    "no version in the purl",
    "a leading v",
    "no purl",
    "a category of its own",
  ]
  it.each(spellings)("are found or unassessed: %s", async (name) => {
    const draft = tricks[name]?.(draftOf(npm)) ?? draftOf(npm)
    const category = name === "a category of its own" ? "OTHER" : "PACKAGE-MANAGER"
    const document = {
      ...{ spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT", name: "app" },
      documentNamespace: "https://example.com/app",
      creationInfo: { created: "2026-01-01T00:00:00Z", creators: ["Tool: test"] },
      packages: [spdxPackage(draft, category), spdxPackage(draftOf({ ...npm, name: "other" }), "PACKAGE-MANAGER")],
    }
    const report = await new HostScanner().scanSbom(JSON.stringify(document))
    expect(outcomeOf(document, report, npm)).toMatch(/^(found|unassessed)$/)
  })
})
