// What can go wrong: an SBOM that lists the same packages but leads the scanner to other advisories counts as the same, so
// that the newer one wins in silence; and two runs of one generator count as different, so that honest images are stopped.
import { describe, expect, it } from "vitest"
import { fingerprint } from "../../../core/sbom/fingerprint.js"
import { parseSbom } from "../../../core/sbom/sbom.js"

const of = (document: object) => fingerprint({ sbom: parseSbom(document), document })
const purl = "pkg:deb/debian/libidn2-0@2.0.5-1?distro=debian-10.2"

/** As one run of a generator writes it: names of components are made anew each time. */
function cyclonedx(
  run: string,
  more: { components?: object[]; properties?: object[]; os?: string; lists?: string } = {},
) {
  const { components = [], properties = [], os = "10.2", lists = "os" } = more
  const root = {
    type: "container",
    name: `app:${run}`,
    "bom-ref": `root-${run}`,
    purl: `pkg:oci/app@sha256:1?tag=${run}`,
  }
  return {
    bomFormat: "CycloneDX",
    specVersion: run === "1" ? "1.5" : "1.6",
    serialNumber: `urn:uuid:${run}`,
    version: Number(run),
    metadata: {
      timestamp: `2026-01-0${run}T00:00:00Z`,
      tools: { components: [{ name: "trivy", version: run }] },
      component: root,
    },
    components: [
      { type: "operating-system", name: "debian", version: os, "bom-ref": `os-${run}` },
      { type: "library", name: "libidn2-0", version: "2.0.5-1", purl, "bom-ref": purl, properties },
      { type: "application", name: "package-lock.json", "bom-ref": `app-${run}` },
      ...components,
    ],
    dependencies: [
      { ref: `root-${run}`, dependsOn: [`os-${run}`, `app-${run}`] },
      { ref: `${lists}-${run}`, dependsOn: [purl] },
    ],
  }
}
const property = (name: string, value: string) => ({ name: `aquasecurity:trivy:${name}`, value })

function spdx(
  run: string,
  more: { source?: string; purl?: string; relation?: string; creator?: string; id?: string } = {},
) {
  const { source = "libidn2", relation = "CONTAINS", creator = "Tool: syft", id = "Package" } = more
  const locator = more.purl ?? purl
  const externalRefs = [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: locator }]
  return {
    spdxVersion: "SPDX-2.3",
    documentNamespace: `https://example.com/${run}`,
    creationInfo: { created: `2026-01-0${run}T00:00:00Z`, creators: [`${creator}-${run}`] },
    packages: [
      { SPDXID: `SPDXRef-ContainerImage-${run}`, name: `app:${run}`, primaryPackagePurpose: "CONTAINER" },
      {
        ...{ SPDXID: `SPDXRef-${id}-${run}`, name: "libidn2-0", versionInfo: "2.0.5-1", externalRefs },
        sourceInfo: `built package from: ${source} 2.0.5-1`,
        annotations: [
          { annotator: `Tool: trivy-${run}`, annotationDate: `2026-01-0${run}T00:00:00Z`, comment: "PkgID: a" },
        ],
      },
    ],
    relationships: [
      {
        spdxElementId: `SPDXRef-ContainerImage-${run}`,
        relatedSpdxElement: `SPDXRef-${id}-${run}`,
        relationshipType: relation,
      },
    ],
  }
}

describe("fingerprint", () => {
  it("is the same for two runs of one generator, and in any order of components", () => {
    expect(of(cyclonedx("1"))).toBe(of(cyclonedx("2")))
    expect(of(spdx("1"))).toBe(of(spdx("2")))
    const { components, dependencies, ...rest } = cyclonedx("2")
    const turned = { ...rest, components: components.toReversed(), dependencies: dependencies.toReversed() }
    expect(of(turned)).toBe(of(cyclonedx("1")))
  })

  const packageA = { type: "library", name: "a", version: "1", purl: "pkg:npm/a@1" }
  const container = (...components: object[]) => ({ components: [{ type: "container", name: "a", components }] })
  it("differs by what is in a container, however deep, and not by what that is called", () => {
    const [one, other] = [packageA, { ...packageA, name: "b", purl: "pkg:npm/b@1" }]
    expect(of(cyclonedx("1", container(one)))).not.toBe(of(cyclonedx("1", container(other))))
    const nested = (inner: object) => container({ type: "container", name: "x", components: [inner] })
    expect(of(cyclonedx("1", nested(one)))).not.toBe(of(cyclonedx("1", nested(other))))
    const renamed = { components: [{ type: "container", name: "z", components: [{ ...one, "bom-ref": "other" }] }] }
    expect(of(cyclonedx("1", container(one)))).toBe(of(cyclonedx("2", renamed)))
  })

  const source = (version: string) => property("SrcVersion", version)
  it.each<[string, object]>([
    ["another source version of a package", { properties: [source("99")] }],
    ["another release of the system", { os: "99" }],
    ["a package under another kind of application", { lists: "app" }],
    ["a further package", { components: [packageA] }],
    ["a container with packages in it", { components: [{ type: "container", name: "a", components: [packageA] }] }],
    ["a container that is a package", { components: [{ type: "container", name: "a", purl: "pkg:npm/a@1" }] }],
    [
      "an application of another type",
      { components: [{ type: "application", name: "a", properties: [property("Type", "pub")] }] },
    ],
  ])("differs by %s, in CycloneDX", (_, more) => {
    expect(of(cyclonedx("1", more))).not.toBe(of(cyclonedx("1")))
  })

  it("differs by the order of a component's properties: the last of a kind wins", () => {
    const [first, last] = [source("1"), source("99")]
    expect(of(cyclonedx("1", { properties: [first, last] }))).not.toBe(
      of(cyclonedx("1", { properties: [last, first] })),
    )
  })

  it.each<[string, object]>([
    ["another source package", { source: "other" }],
    ["another package", { purl: "pkg:deb/debian/libidn2-0@2.0.5-1?distro=debian-99" }],
    ["another relation", { relation: "DEPENDS_ON" }],
    ["another kind of entry", { id: "Application" }],
    ["Trivy as its author, which reads it in another way", { creator: "Tool: trivy" }],
  ])("differs by %s, in SPDX", (_, more) => {
    expect(of(spdx("1", more))).not.toBe(of(spdx("1")))
  })

  it("differs when a reference names the root, which the scanner takes after a component of that name", () => {
    const document = cyclonedx("1")
    const [, related] = document.dependencies
    const honest = { ...document, dependencies: [related] }
    const text = JSON.stringify(honest)
    expect(of(JSON.parse(text.replaceAll("os-1", "root-1")))).not.toBe(of(honest))
    expect(of(JSON.parse(text.replaceAll("os-1", "os-2")))).toBe(of(honest))
  })
})
