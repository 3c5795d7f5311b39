// What can go wrong: a state is read as a better one, a reference is resolved to another component, a scanner's list of
// vulnerabilities passes for an analysis, a statement without a date wins.
import { describe, expect, it } from "vitest"
import { readVex } from "../../../core/vex/read-vex.js"
import { undated } from "../../../core/vex/vex-content.js"
import { expectCode } from "../oci/fixture.js"
import { cycloneDx, readFixture, unreadOf } from "./build-vex.js"

const read = (vulnerability: object, more: object = {}) => readVex(cycloneDx(vulnerability, more)).statements[0]
const productsOf = (ref: string, more: object = {}) => read({ affects: [{ ref }] }, more)?.products
const component = (purl: string, ref = "c") => ({ "bom-ref": ref, type: "library", name: "c", purl })
const image = { "bom-ref": "root", type: "container", name: "ghcr.io/acme/app", version: "1.0" }

describe("readVex of recorded CycloneDX", () => {
  it.each([
    ["affected", "affected", "(DEF 1.0)"],
    ["fixed", "fixed", "(DEF 1.1)"],
    ["not_affected", "not_affected", "(ABC 4.2)"],
    ["under_investigation", "under_investigation", "(GHI 17.4)"],
  ])("reads CISA's case %s", (file, status, product) => {
    const { statements, timestamp } = readFixture(`vex/cyclonedx-cisa-case1-${file}.json`)
    expect(timestamp).toBe("2022-03-03T00:00:00.000Z")
    expect(statements).toEqual([
      expect.objectContaining({
        vulnerability: "CVE-2021-44228",
        status,
        products: [{ id: product, subcomponents: [] }],
      }),
    ])
  })

  it("reads a link to another BOM as the purl in it, and other ids as aliases", () => {
    const { statements } = readFixture("vex/cyclonedx-vex-full.json")
    expect(statements).toEqual([
      expect.objectContaining({
        vulnerability: "CVE-2020-25649",
        aliases: ["SNYK-JAVA-COMFASTERXMLJACKSONCORE-1048302"],
        status: "not_affected",
        justification: "code_not_reachable",
        timestamp: undated,
        products: [{ id: "pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.10.0?type=jar", subcomponents: [] }],
      }),
    ])
  })

  it("reads versions that agree with the reference", () => {
    const { statements } = readFixture("vex/cyclonedx-vex-trivy.json")
    expect(statements.map(({ products }) => products[0]?.id)).toEqual([
      "pkg:maven/org.springframework.boot/spring-boot@2.6.0",
      "pkg:deb/ubuntu/libstdc%2B%2B6@12.3.0-1ubuntu1~22.04?arch=amd64&distro=ubuntu-22.04",
    ])
  })

  it("states nothing where a scanner only listed vulnerabilities", () => {
    expect(readFixture("trivy/sbom-npm-with-vulns-cdx17.json").statements).toEqual([])
    expectCode(() => readFixture("trivy/sbom-fluentd-cyclonedx.json"), "VEX_INVALID")
  })
})

describe("readVex of CycloneDX", () => {
  it.each([
    ["not_affected", "not_affected"],
    ["false_positive", "not_affected"],
    ["resolved", "fixed"],
    ["resolved_with_pedigree", "fixed"],
    ["exploitable", "affected"],
    ["in_triage", "under_investigation"],
  ])("reads %s as %s", (state, status) => {
    expect(read({ analysis: { state } })?.status).toBe(status)
  })

  it.each<[string, string, object, object[]]>([
    [
      "a component of its own",
      "c",
      { components: [component("pkg:npm/a@1")] },
      [{ id: "pkg:npm/a@1", subcomponents: [] }],
    ],
    [
      "a nested one",
      "c",
      { components: [{ name: "n", components: [component("pkg:npm/a@1")] }] },
      [{ id: "pkg:npm/a@1", subcomponents: [] }],
    ],
    ["a purl", "pkg:npm/a@1", {}, [{ id: "pkg:npm/a@1", subcomponents: [] }]],
    ["an encoded purl in a link", "urn:cdx:x/1#pkg%3Anpm%2Fa%401", {}, [{ id: "pkg:npm/a@1", subcomponents: [] }]],
    [
      "a link to itself",
      "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#c",
      { serialNumber: "urn:uuid:3E671687-395b-41f5-a30f-a58921a69b79", components: [component("pkg:npm/a@1")] },
      [{ id: "pkg:npm/a@1", subcomponents: [] }],
    ],
    [
      "a link to another BOM",
      "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#c",
      { components: [component("pkg:npm/a@1")] },
      [{ id: "(urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#c)", subcomponents: [] }],
    ],
    ["nothing", "python", {}, [{ id: "(python)", subcomponents: [] }]],
    ["the image", "root", { metadata: { component: image } }, [{ id: "ghcr.io/acme/app:1.0", subcomponents: [] }]],
    [
      "a package of the image",
      "c",
      { metadata: { component: image }, components: [component("pkg:npm/a@1")] },
      [{ id: "ghcr.io/acme/app:1.0", subcomponents: ["pkg:npm/a@1"] }],
    ],
  ])("resolves a reference to %s", (_, ref, more, products) => {
    expect(productsOf(ref, more)).toEqual(products)
  })

  it("takes the digest that scanners write as an image's version", () => {
    const digest = `sha256:${"a".repeat(64)}`
    const root = { ...image, name: "alpine:3.22", version: digest }
    expect(productsOf("root", { metadata: { component: root } })?.[0]?.id).toBe(`alpine:3.22@${digest}`)
  })

  it("narrows a reference without a version down to those that are listed, and never by a range", () => {
    const versions = [{ version: "1.0+x" }, { range: "vers:npm/>=2" }]
    expect(read({ affects: [{ ref: "pkg:npm/a?x=y", versions }] })?.products.map(({ id }) => id)).toEqual([
      "pkg:npm/a@1.0%2Bx?x=y",
      "(pkg:npm/a?x=y vers:npm/>=2)",
    ])
  })

  const stated = (state: string, ref: string, versions: object[], more: object = {}) =>
    readVex(cycloneDx({ analysis: { state }, affects: [{ ref, versions }] }, more)).statements.map(
      ({ status, products }) => [status, ...products.map(({ id, subcomponents }) => [id, ...subcomponents].join(" "))],
    )

  it.each([
    ["resolved", "fixed"],
    ["not_affected", "not_affected"],
  ])("does not clear versions that are stated as affected, or as unknown, by the state %s", (state, status) => {
    const versions = [
      { version: "5.0", status: "affected" },
      { version: "5.1", status: "unaffected" },
      { version: "5.2", status: "unknown" },
      { version: "5.3" },
      { range: "vers:deb/<5", status: "affected" },
    ]
    expect(stated(state, "pkg:deb/debian/bash", versions)).toEqual([
      [status, "pkg:deb/debian/bash@5.1", "pkg:deb/debian/bash@5.3"],
      ["affected", "pkg:deb/debian/bash@5.0", "(pkg:deb/debian/bash vers:deb/<5)"],
      ["under_investigation", "pkg:deb/debian/bash@5.2"],
    ])
  })

  it("clears nothing of a reference whose only version is stated as affected", () => {
    const versions = [{ version: "5.0", status: "affected" }]
    expect(stated("resolved", "pkg:deb/debian/bash@5.0", versions)).toEqual([["affected", "pkg:deb/debian/bash@5.0"]])
    const more = { metadata: { component: image } }
    expect(stated("not_affected", "root", [{ version: "1.0", status: "affected" }], more)).toEqual([
      ["affected", "ghcr.io/acme/app:1.0"],
    ])
    const two = [
      { version: "1.0", status: "affected" },
      { version: "1.1", status: "unaffected" },
    ]
    expect(stated("not_affected", "root", two, more)).toEqual([["affected", "ghcr.io/acme/app:1.0"]])
  })

  it("clears no version by its status where the analysis does not", () => {
    const versions = [{ version: "5.0", status: "unaffected" }]
    expect(stated("exploitable", "pkg:npm/a", versions)).toEqual([["affected", "pkg:npm/a@5.0"]])
  })

  it("dates a statement by its analysis", () => {
    const analysis = { state: "in_triage", firstIssued: "2026-01-01T00:00:00Z", lastUpdated: "2026-02-01T00:00:00Z" }
    expect(read({ analysis })?.timestamp).toBe("2026-02-01T00:00:00.000Z")
    expect(read({})?.timestamp).toBe("2026-06-01T00:00:00.000Z")
  })

  it.each([
    ["not_affected", undated],
    ["resolved", undated],
    ["exploitable", "9999-12-31T23:59:59.999Z"],
    ["in_triage", "9999-12-31T23:59:59.999Z"],
  ])("takes %s without any date for one of %s: a retraction may be the newest", (state, timestamp) => {
    const vulnerabilities = [{ id: "CVE-2026-1", analysis: { state, detail: "x" }, affects: [{ ref: "pkg:npm/a@1" }] }]
    const { statements } = readVex({ bomFormat: "CycloneDX", specVersion: "1.6", vulnerabilities })
    expect(statements.map((one) => one.timestamp)).toEqual([timestamp])
  })

  it.each<[string, object, object, RegExp]>([
    ["an unknown state", { analysis: { state: "fine" } }, {}, /vulnerabilities\[0\].analysis.state: expected one of /],
    [
      "an unknown status of a version",
      { affects: [{ ref: "pkg:npm/a", versions: [{ status: "fine" }] }] },
      {},
      /affects\[0\].versions\[0\].status/,
    ],
    [
      "an unknown justification",
      { analysis: { state: "not_affected", justification: "fine" } },
      {},
      /analysis.justification: expected one of /,
    ],
    ["an analysis of nothing", { id: undefined }, {}, /vulnerabilities\[0\]: needs an id/],
    [
      "a purl with two versions",
      { affects: [{ ref: "pkg:npm/a@1", versions: [{ version: "2" }] }] },
      {},
      /two ways: pkg:npm\/a@1 is said to have version 2/,
    ],
    [
      "two components under one reference",
      { affects: [{ ref: "c" }] },
      { components: [component("pkg:npm/a"), component("pkg:npm/b")] },
      /two components have the bom-ref "c"/,
    ],
    [
      "a component that is none",
      { affects: [{ ref: "c" }] },
      { components: [{ "bom-ref": "c", purl: 7 }] },
      /a component.purl: expected text/,
    ],
  ])("keeps %s as what cannot be read, and reads the rest", (_, vulnerability, more, why) => {
    const document = cycloneDx(vulnerability, more)
    const other = { id: "CVE-2026-9", affects: [{ ref: "pkg:npm/other" }], analysis: { state: "exploitable" } }
    const { statements } = readVex({ ...document, vulnerabilities: [...document.vulnerabilities, other] })
    expect(unreadOf(statements)).toMatch(why)
    expect(statements.at(-1)).toMatchObject({ vulnerability: "CVE-2026-9", products: [{ id: "pkg:npm/other" }] })
  })

  it("reads on beside a component that is a text", () => {
    expect(productsOf("pkg:npm/a", { components: ["a"] })).toEqual([{ id: "pkg:npm/a", subcomponents: [] }])
  })

  it.each<[string, object]>([
    ["a version of the format that is none", { specVersion: "2.0" }],
    ["a subject that is none", { metadata: { component: { purl: 7 } } }],
  ])("refuses %s", (_, more) => {
    expectCode(() => read({}, more), "VEX_INVALID")
  })
})
