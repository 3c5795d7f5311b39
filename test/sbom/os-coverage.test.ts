import { describe, expect, it } from "vitest"
import { sbomCoverageProblems } from "../../src/sbom/os-coverage.js"
import { parseSbom } from "../../src/sbom/sbom.js"

function problemsOf(purls: readonly string[], recognised: readonly string[]) {
  const components = purls.map((purl) => ({ type: "library", name: "a", version: "1", purl }))
  const system = { type: "operating-system", name: "dhi", version: "13" }
  const sbom = parseSbom({ bomFormat: "CycloneDX", specVersion: "1.6", components: [system, ...components] })
  return sbomCoverageProblems(sbom, { packages: recognised.map((purl) => ({ purl, name: "a", version: "1" })) })
}

describe("sbomCoverageProblems", () => {
  it("names the system whose packages the scanner all passed over, although it knows the others", () => {
    const [problem, ...more] = problemsOf(["pkg:deb/dhi/a@1", "pkg:npm/a@1"], ["pkg:npm/a@1"])
    expect(problem?.code).toBe("OS_UNSUPPORTED")
    expect(problem?.message).toContain("1 OS packages of dhi 13 were not matched")
    expect(more).toEqual([])
  })

  it("says nothing when OS packages were recognised, or there are none", () => {
    expect(problemsOf(["pkg:deb/debian/a@1"], ["pkg:deb/debian/a@1"])).toEqual([])
    expect(problemsOf(["pkg:npm/a@1"], ["pkg:npm/a@1"])).toEqual([])
  })

  it("leaves packages of a vendor's own type to the count of those that nothing assessed", () => {
    expect(problemsOf(["pkg:dhi/python@3", "pkg:npm/a@1"], ["pkg:npm/a@1"])).toEqual([])
  })
})
