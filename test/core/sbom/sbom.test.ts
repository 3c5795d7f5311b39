import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CsscError } from "../../../core/errors.js"
import { MAX_COMPONENT_DEPTH, MAX_COMPONENTS } from "../../../core/sbom/component.js"
import { parsePurl, purlKey } from "../../../core/sbom/purl.js"
import { isEmptySbom, packagesOf, parseSbom } from "../../../core/sbom/sbom.js"
import { expectCode, fixture } from "../oci/fixture.js"

function read(file: string) {
  return parseSbom(JSON.parse(fixture(file).toString()))
}

function cyclonedx(components: unknown, more: object = {}) {
  return { bomFormat: "CycloneDX", specVersion: "1.6", components, ...more }
}

const nested = (depth: number): object => ({
  type: "library",
  name: "n",
  components: depth > 1 ? [nested(depth - 1)] : [],
})
const os = (name: string, version: string) => ({ type: "operating-system", name, version })

describe("parseSbom of recorded SBOMs", () => {
  it.each<[string, string, string | undefined, Record<string, number>]>([
    ["trivy/sbom-fluentd-cyclonedx.json", "1.5", "debian 10.2", { deb: 2, gem: 1 }],
    [
      "trivy/sbom-alpine316-maven-cdx17.json",
      "1.7",
      "alpine 3.16.0",
      { apk: 1, maven: 2, npm: 1, composer: 2, golang: 1 },
    ],
    ["trivy/sbom-centos7-cyclonedx.json", "1.5", "centos 7.6.1810", { rpm: 2 }],
    ["trivy/sbom-centos7-spdx.json", "2.2", "centos 7.6.1810", { rpm: 2 }],
    ["trivy/sbom-conda-spdx23.json", "2.3", undefined, { conda: 2 }],
    ["trivy/sbom-gobinary-cdx16.json", "1.6", undefined, { golang: 5 }],
    ["trivy/sbom-infinite-loop.cdx.json", "1.5", "ubuntu 22.04", { deb: 2 }],
    ["trivy/sbom-invalid-purl.cdx.json", "1.5", undefined, { composer: 1, "(invalid)": 1 }],
    ["trivy/sbom-third-party-no-os.cdx.json", "1.5", undefined, { apk: 1, composer: 1 }],
    ["trivy/sbom-postgresql-spdx23.json", "2.3", undefined, { bitnami: 4 }],
    ["dhi/shim-spdx-python-pkg-dhi.json", "2.3", undefined, { dhi: 1 }],
  ])("reads %s", (file, specVersion, system, counts) => {
    const sbom = read(file)
    expect(sbom.specVersion).toBe(specVersion)
    expect(sbom.os && `${sbom.os.family} ${sbom.os.name}`).toBe(system)
    expect(Object.fromEntries(sbom.byPurlType)).toEqual(counts)
  })

  it("does not count the image itself as a package", () => {
    expect(isEmptySbom(read("dhi/shim-spdx-dhi-python.json"))).toBe(true)
  })

  it("reads BuildKit's SPDX statement", () => {
    const { predicate } = JSON.parse(fixture("statements/buildkit-spdx-statement.json").toString())
    const sbom = parseSbom(predicate)
    expect(sbom.format).toBe("spdx")
    expect(Object.fromEntries(sbom.byPurlType)).toEqual({ golang: 2 })
  })
})

describe("what counts as a package", () => {
  it.each<[string, object, boolean]>([
    ["a library without purl", { type: "library", name: "a" }, true],
    ["a component without a type", { name: "a" }, true],
    ["a framework", { type: "framework", name: "a" }, true],
    ["a lock file", { type: "application", name: "package-lock.json" }, false],
    [
      "an application with a purl, as syft writes binaries",
      { type: "application", name: "python", purl: "pkg:generic/python@3" },
      true,
    ],
    ["a container that hides a package", { type: "container", name: "a", purl: "pkg:dhi/python@3" }, true],
    ["the image", { type: "container", name: "a", purl: "pkg:oci/app@sha256%3Aab" }, false],
    ["a file", { type: "file", name: "/etc/passwd" }, false],
    ["the operating system", { ...os("debian", "12"), purl: "pkg:generic/debian@12" }, false],
    ["an unreadable purl", { type: "file", name: "a", purl: "pkg:" }, true],
  ])("%s", (_name, component, expected) => {
    expect(parseSbom(cyclonedx([component])).components[0]?.isPackage).toBe(expected)
  })

  it("counts nested components and those of the root", () => {
    const root = { type: "container", name: "app", components: [{ type: "library", name: "in root" }] }
    const sbom = parseSbom(cyclonedx([nested(3)], { metadata: { component: root } }))
    expect(packagesOf(sbom).map(({ name }) => name)).toEqual(["n", "in root", "n", "n"])
  })

  it.each([undefined, null, {}, { component: null }])("reads a document whose metadata is %j", (metadata) => {
    expect(packagesOf(parseSbom(cyclonedx([{ name: "a" }], { metadata })))).toHaveLength(1)
  })

  it("counts an SPDX package once for each purl", () => {
    const externalRefs = ["pkg:npm/a@1", "pkg:npm/a@1", "pkg:npm/b@1"].map((referenceLocator) => ({
      referenceType: "purl",
      referenceLocator,
    }))
    const sbom = parseSbom({ spdxVersion: "SPDX-2.3", packages: [{ name: "a", externalRefs }] })
    expect(sbom.byPurlType.get("npm")).toBe(2)
  })

  it.each([[{}], [{ components: [] }], [{ components: null }], [{ components: [os("debian", "12")] }]])(
    "marks %j as empty",
    (content) => {
      expect(isEmptySbom(parseSbom({ bomFormat: "CycloneDX", specVersion: "1.5", ...content }))).toBe(true)
    },
  )
})

describe("hostile SBOMs", () => {
  it.each<[string, unknown, RegExp]>([
    ["null", null, /not a JSON object/],
    ["an array", [], /not a JSON object/],
    ["a text", "x", /not a JSON object/],
    ["an unknown format", { artifacts: [] }, /not one of CycloneDX/],
    ["both formats", { ...cyclonedx([]), spdxVersion: "SPDX-2.3" }, /not one of CycloneDX/],
    ["SPDX 3", { "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld" }, /SPDX 3 is not supported yet/],
    ["another bomFormat", { bomFormat: "cyclonedx", specVersion: "1.5" }, /bomFormat: /],
    ["CycloneDX 2", { bomFormat: "CycloneDX", specVersion: "2.0" }, /specVersion: /],
    ["components that are no list", cyclonedx({}), /components: /],
    ["a component that is a text", cyclonedx(["a"]), /a component of the SBOM is malformed/],
    ["a component without name", cyclonedx([{ type: "library" }]), /name: /],
    ["a purl that is no text", cyclonedx([{ name: "a", purl: 1 }]), /purl: /],
    ["a version that is no text", cyclonedx([{ name: "a", version: {} }]), /version: /],
    ["a package without name", { spdxVersion: "SPDX-2.3", packages: [{}] }, /name: /],
    [
      "references that are no list",
      { spdxVersion: "SPDX-2.3", packages: [{ name: "a", externalRefs: {} }] },
      /externalRefs: /,
    ],
    [
      "two operating systems",
      cyclonedx([os("debian", "12"), os("alpine", "3.19")]),
      /2 operating systems \(debian 12, alpine 3\.19\)/,
    ],
    [
      "a second operating system that says it is something else",
      {
        spdxVersion: "SPDX-2.3",
        packages: [
          { SPDXID: "SPDXRef-OperatingSystem-1", name: "debian", versionInfo: "12" },
          { SPDXID: "OperatingSystem-2", name: "debian", versionInfo: "99", primaryPackagePurpose: "CONTAINER" },
        ],
      },
      /2 operating systems \(debian 12, debian 99\)/,
    ],
  ])("refuses %s", (_name, document, message) => {
    expectCode(() => parseSbom(document), "SBOM_INVALID", message)
  })

  it("limits count and depth", () => {
    const many = Array.from({ length: MAX_COMPONENTS + 1 }, () => 0)
    expectCode(() => parseSbom(cyclonedx(many)), "LIMIT_EXCEEDED", "200000")
    expectCode(() => parseSbom({ spdxVersion: "SPDX-2.3", packages: many }), "LIMIT_EXCEEDED", "200000")
    expect(parseSbom(cyclonedx([nested(MAX_COMPONENT_DEPTH)])).components).toHaveLength(MAX_COMPONENT_DEPTH)
    expectCode(() => parseSbom(cyclonedx([nested(MAX_COMPONENT_DEPTH + 1)])), "LIMIT_EXCEEDED", "64 levels")
  })

  it("ends on a component that contains itself", () => {
    const loop: { name: string; components: unknown[] } = { name: "a", components: [] }
    loop.components.push(loop)
    expectCode(() => parseSbom(cyclonedx([loop])), "LIMIT_EXCEEDED", "64 levels")
    loop.components.push(loop)
    expectCode(() => parseSbom(cyclonedx([loop])), "LIMIT_EXCEEDED", "200000")
  })

  it("either reads any document or refuses it by name", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (components, packages) => {
        for (const document of [
          cyclonedx(components),
          cyclonedx([components]),
          { spdxVersion: "SPDX-2.3", packages },
          packages,
        ]) {
          try {
            parseSbom(document)
          } catch (error) {
            expect(error).toBeInstanceOf(CsscError)
          }
        }
      }),
    )
  })
})

describe("parsePurl", () => {
  it.each<[string, string]>([
    ["pkg:deb/debian/bash@5.0-4?distro=debian-10.2", "deb|debian|bash|5.0-4"],
    ["pkg:npm/%40angular/core@17.0.0#sub", "npm|@angular|core|17.0.0"],
    ["pkg:golang/github.com/a/b@v1", "golang|github.com/a|b|v1"],
    ["pkg:dhi/python@3.14.3", "dhi||python|3.14.3"],
    ["PKG:NPM/a@1", "npm||a|1"],
    ["pkg:swift/x@1", "swift||x|1"],
    ["pkg:deb/debian/g%2B%2B@1%3A2", "deb|debian|g++|1:2"],
  ])("reads %s", (text, expected) => {
    const purl = parsePurl(text)
    expect(purl && [purl.type, purl.namespace, purl.name, purl.version].join("|")).toBe(expected)
  })

  it.each(["", "pkg:", "pkg:npm", "pkg:npm/", "npm/a@1", "invalid-purl-format", "pkg:npm/a@%zz", "pkg:n p/a"])(
    "refuses %j",
    (text) => {
      expect(parsePurl(text)).toBeUndefined()
    },
  )

  it("compares without qualifiers, case and Python's separators, but with the version", () => {
    const key = (text: string) => purlKey(parsePurl(text) ?? { type: "", namespace: "", name: "", version: "" })
    expect(key("pkg:pypi/Foo_Bar@1")).toBe(key("pkg:pypi/foo-bar@1?file_name=x"))
    expect(key("pkg:deb/a@1")).not.toBe(key("pkg:deb/a@2"))
    expect(key("pkg:dhi/python@3")).not.toBe(key("pkg:pypi/python@3"))
  })

  it("refuses one longer than anybody has, and never throws", () => {
    expect(parsePurl(`pkg:npm/${"a".repeat(5000)}`)).toBeUndefined()
    fc.assert(fc.property(fc.string(), (text) => void parsePurl(`pkg:${text}`)))
  })
})
