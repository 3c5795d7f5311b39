// What can go wrong: an operating system that the scanner does not know, or whose packages it can no longer read, passes
// because something else in the image was recognised.
import { describe, expect, it } from "vitest"
import { imageCoverageProblems, sbomCoverageProblems } from "../../../core/sbom/os-coverage.js"
import { parseSbom } from "../../../core/sbom/sbom.js"

function problemsOf(purls: readonly string[], matchedOs: boolean) {
  const components = purls.map((purl) => ({ type: "library", name: "a", version: "1", purl }))
  const system = { type: "operating-system", name: "dhi", version: "13" }
  const sbom = parseSbom({ bomFormat: "CycloneDX", specVersion: "1.6", components: [system, ...components] })
  return sbomCoverageProblems(sbom, { matchedOs })
}

describe("sbomCoverageProblems", () => {
  it("names the system whose packages the scanner all passed over, although it knows the others", () => {
    const [problem, ...more] = problemsOf(["pkg:deb/dhi/a@1", "pkg:npm/a@1"], false)
    expect(problem?.code).toBe("OS_UNSUPPORTED")
    expect(problem?.message).toContain("1 OS packages of dhi 13 were not matched")
    expect(more).toEqual([])
  })

  it("says nothing when OS packages were matched, or there are none", () => {
    expect(problemsOf(["pkg:deb/debian/a@1"], true)).toEqual([])
    expect(problemsOf(["pkg:npm/a@1"], false)).toEqual([])
  })

  it("leaves packages of a vendor's own type to the count of those that nothing assessed", () => {
    expect(problemsOf(["pkg:dhi/python@3", "pkg:npm/a@1"], false)).toEqual([])
  })
})

describe("imageCoverageProblems", () => {
  const os = (family: string, name = "") => ({ family, name, endOfLife: false })

  it.each([
    [
      "packages of a system that it does not know",
      os("none"),
      "packages of an operating system that the scanner does not",
    ],
    ["a system without advisories", os("fedora", "42"), "no advisories for fedora 42, or the image no longer lists"],
    ["no system at all", undefined, "knows no operating system in the image, which a scratch image has in common"],
  ])("is OS_UNSUPPORTED for %s", (_, system, text) => {
    const problems = imageCoverageProblems({ matchedOs: false, ...(system === undefined ? {} : { os: system }) })
    expect(problems).toEqual([{ code: "OS_UNSUPPORTED", message: expect.stringContaining(text) }])
  })

  it("says nothing when OS packages were matched", () => {
    expect(imageCoverageProblems({ matchedOs: true, os: os("debian", "12.5") })).toEqual([])
  })

  it.each([
    ["debian", "bookworm"],
    ["debian", "trixie/sid"],
    ["debian", "12 (bookworm)"],
    ["ubuntu", "24.04.1"],
    ["ubuntu", "noble"],
    ["alpine", "3"],
    ["redhat", "nine"],
    ["photon", ""],
  ])("is OS_UNSUPPORTED for %s %j, whose advisories nobody looks up", (family, name) => {
    const problems = imageCoverageProblems({ matchedOs: true, os: os(family, name) })
    expect(problems).toEqual([{ code: "OS_UNSUPPORTED", message: expect.stringContaining("knows no such release") }])
  })

  it.each([
    ["debian", "12"],
    ["ubuntu", "24.04"],
    ["ubuntu", "18.04-ESM"],
    ["alpine", "3.22.0_alpha20250108"],
    ["alpine", "edge"],
    ["amazon", "2 (Karoo)"],
    ["wolfi", ""],
  ])("says nothing of %s %j", (family, name) => {
    expect(imageCoverageProblems({ matchedOs: true, os: os(family, name) })).toEqual([])
  })
})
