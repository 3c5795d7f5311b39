import { describe, expect, it } from "vitest"
import { type RecognisedPackage, unassessedPackages } from "../../../core/sbom/coverage.js"
import { parseSbom } from "../../../core/sbom/sbom.js"
import { fixture } from "../oci/fixture.js"

function read(file: string) {
  return parseSbom(JSON.parse(fixture(file).toString()))
}

function aPackage(purl: string, name = "a", version = "1"): RecognisedPackage {
  return { purl, name, version }
}

describe("unassessedPackages", () => {
  it("is empty for Trivy's own report of the fluentd SBOM, an oracle from Trivy's tests", () => {
    const report = JSON.parse(fixture("trivy/report-sbom-fluentd-cyclonedx.json").toString())
    type Row = { PkgName: string; InstalledVersion: string; PkgIdentifier: { PURL: string } }
    const rows = report.Results.flatMap((result: { Vulnerabilities: Row[] }) => result.Vulnerabilities) as Row[]
    const recognised = rows.map((row) => aPackage(row.PkgIdentifier.PURL, row.PkgName, row.InstalledVersion))
    expect(unassessedPackages(read("trivy/sbom-fluentd-cyclonedx.json"), recognised)).toEqual([])
    expect(unassessedPackages(read("trivy/sbom-fluentd-cyclonedx.json"), recognised.slice(1))).toEqual([
      { purl: "pkg:deb/debian/bash@5.0-4?distro=debian-10.2", name: "bash", version: "5.0-4" },
    ])
  })

  it("names the interpreter of a hardened image, which Trivy skips in silence", () => {
    const [first, ...more] = unassessedPackages(read("dhi/shim-spdx-python-pkg-dhi.json"), [])
    expect(first?.purl).toMatch(/^pkg:dhi\/python@/)
    expect(more).toEqual([])
  })

  it("names a component whose purl is invalid", () => {
    const recognised = [aPackage("pkg:composer/pear/core@1.13.1", "pear/core", "1.13.1")]
    expect(unassessedPackages(read("trivy/sbom-invalid-purl.cdx.json"), recognised)).toEqual([
      { purl: "invalid-purl-format", name: "pear/log", version: "1.13.1" },
    ])
  })

  it("does not let a package of another type, namespace or version cover one", () => {
    const document = {
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      components: [{ name: "python", version: "3", purl: "pkg:dhi/python@3" }],
    }
    const covered = (recognised: RecognisedPackage) =>
      unassessedPackages(parseSbom(document), [recognised]).length === 0
    expect(covered(aPackage("pkg:pypi/python@3", "python", "3"))).toBe(false)
    expect(covered(aPackage("pkg:dhi/x/python@3", "python", "3"))).toBe(false)
    expect(covered(aPackage("pkg:dhi/python@4", "python", "3"))).toBe(false)
    expect(covered({ name: "python", version: "3" })).toBe(false)
    expect(covered(aPackage("pkg:dhi/python@3?os=x"))).toBe(true)
  })

  it.each<[string, object, RecognisedPackage, string]>([
    [
      "another version than its purl",
      { name: "lodash", version: "4.17.20", purl: "pkg:npm/lodash@4.17.21" },
      aPackage("pkg:npm/lodash@4.17.21", "lodash", "4.17.21"),
      'looked up as version "4.17.21", and its SBOM says "4.17.20"',
    ],
    [
      "a module in capitals, looked up in small letters",
      {
        name: "github.com/masterminds/semver",
        version: "v1.5.0",
        purl: "pkg:golang/github.com/Masterminds/semver@v1.5.0",
      },
      aPackage("pkg:golang/github.com/masterminds/semver@v1.5.0", "github.com/masterminds/semver", "v1.5.0"),
      'not as "github.com/Masterminds/semver"',
    ],
  ])("names a component of %s", (_, component, recognised, why) => {
    const document = { bomFormat: "CycloneDX", specVersion: "1.6", components: [component] }
    const [found, ...more] = unassessedPackages(parseSbom(document), [recognised])
    expect(found?.reason).toContain(why)
    expect(more).toEqual([])
  })

  it.each([
    ["1:2.3-1", "pkg:deb/debian/a@2.3-1?epoch=1"],
    ["1.2.3", "pkg:rpm/redhat/a@1.2.3-4.el9"],
    ["1.2.3", "pkg:golang/a@v1.2.3"],
    ["go1.21.1", "pkg:golang/stdlib@1.21.1"],
    ["3.0%2Bdeb12u1", "pkg:deb/debian/a@3.0%2Bdeb12u1"],
    ["", "pkg:npm/a@1.0.0"],
  ])("takes version %j of %s for the same", (version, purl) => {
    const document = { bomFormat: "CycloneDX", specVersion: "1.6", components: [{ name: "a", version, purl }] }
    expect(unassessedPackages(parseSbom(document), [aPackage(purl)])).toEqual([])
  })

  it("tells Go's modules apart that are in one purl but for its subpath, as syft and BuildKit write them", () => {
    const component = (subpath: string) => ({
      name: `github.com/Azure/azure-sdk/${subpath}`,
      version: "v1.0.0",
      purl: `pkg:golang/github.com/Azure/azure-sdk@v1.0.0#${subpath}`,
    })
    const [core, storage] = [component("sdk/azcore"), component("sdk/storage")]
    const sbom = parseSbom({ bomFormat: "CycloneDX", specVersion: "1.6", components: [core, storage] })
    expect(unassessedPackages(sbom, [core, storage])).toEqual([])
    expect(unassessedPackages(sbom, [core]).map(({ name }) => name)).toEqual([storage.name])
    expect(
      unassessedPackages(sbom, [
        core,
        { ...storage, purl: "pkg:golang/github.com/Azure/azure-sdk/sdk/storage@v1.0.0" },
      ]),
    ).toEqual([])
  })

  it("passes over keys and certificates, which are no packages", () => {
    const components = [
      { type: "cryptographic-asset", name: "RSA-2048" },
      { name: "a", version: "1" },
    ]
    const sbom = parseSbom({ bomFormat: "CycloneDX", specVersion: "1.6", components })
    expect(unassessedPackages(sbom, []).map(({ name }) => name)).toEqual(["a"])
  })

  it("says why what is listed was not matched, and names a package that is put as an operating system", () => {
    const lodash = { name: "renamed", version: "1.0.0", purl: "pkg:npm/lodash@1.0.0" }
    const document = {
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      components: [lodash, { ...lodash, type: "operating-system", name: "x" }],
    }
    const reason = "looked up otherwise"
    const found = unassessedPackages(parseSbom(document), [], [{ ...lodash, reason }])
    expect(found.map(({ name, reason: why }) => [name, why])).toEqual([
      ["renamed", reason],
      ["x", reason],
    ])
  })

  it("lets a report entry without a purl cover a component without one", () => {
    const document = { bomFormat: "CycloneDX", specVersion: "1.6", components: [{ name: "a", version: "1" }] }
    expect(unassessedPackages(parseSbom(document), [{ name: "a", version: "1" }])).toEqual([])
  })

  it("names each package once, in a stable order, and all of them when nothing was recognised", () => {
    const purls = ["pkg:npm/b@1", "pkg:npm/a@1", "pkg:npm/b@1"]
    const components = purls.map((purl) => ({ type: "library", name: purl.slice(8, 9), version: "1", purl }))
    const found = unassessedPackages(parseSbom({ bomFormat: "CycloneDX", specVersion: "1.6", components }), [])
    expect(found.map(({ name }) => name)).toEqual(["a", "b"])
  })
})
