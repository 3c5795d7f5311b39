// What can go wrong: a statement is read as another one (its status, its product, its time), what two tools would read
// in two ways is read in one, a malformed document is read in part.
import { describe, expect, it } from "vitest"
import { readVex } from "../../../core/vex/read-vex.js"
import { MAX_VEX_PRODUCTS, MAX_VEX_STATEMENTS } from "../../../core/vex/vex-content.js"
import { expectCode, fixture } from "../oci/fixture.js"
import { openVex, openVexStatement, readFixture, unreadOf } from "./build-vex.js"

const read = (statement: object, more: object = {}) =>
  readVex(openVex([openVexStatement(statement)], more)).statements[0]

describe("readVex of recorded OpenVEX", () => {
  it.each<[string, string, string[], string[]]>([
    [
      "vex/openvex-spec-1.json",
      "Wolfi J Inkinson",
      ["fixed"],
      ["pkg:apk/wolfi/git@2.39.0-r1?arch=armv7", "pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64"],
    ],
    [
      "vex/openvex-spec-2.json",
      "Wolfi J Inkinson",
      ["under_investigation"],
      ["pkg:apk/wolfi/git@2.39.0-r1?arch=armv7"],
    ],
    ["vex/openvex-grype.json", "Unknown Author", ["fixed"], ["pkg:pypi/urllib3@1.26.16+cgr.1"]],
    ["vex/openvex-oci.json", "Aqua Security", ["not_affected"], ["pkg:oci/debian"]],
    ["vex/openvex-oci-mismatch.json", "Aqua Security", ["not_affected"], ["pkg:oci/mismatch"]],
    ["vex/openvex-trivy-file.json", "Aqua Security", ["not_affected"], ["pkg:golang/github.com/testdata/testdata"]],
    [
      "dhi/vex-not-affected-python-3.10.json",
      "Docker Hardened Images",
      ["not_affected"],
      ["pkg:apk/dhi/python-3.10@3.10.20-r6?os_distro=alpine&os_name=dhi&os_version=3.23"],
    ],
    [
      "dhi/vex-under-investigation.json",
      "Docker Hardened Images",
      ["under_investigation"],
      ["pkg:deb/dhi/libsqlite3-0@3.46.1-7?os_distro=debian&os_name=dhi&os_version=13"],
    ],
  ])("reads %s", (file, author, statuses, products) => {
    const document = readFixture(file)
    expect(document).toMatchObject({ format: "openvex", author })
    expect(document.statements.map(({ status }) => status)).toEqual(statuses)
    expect(document.statements[0]?.products.map(({ id }) => id)).toEqual(products)
  })

  it("gives a statement without a time that of its document, in UTC", () => {
    const { statements, timestamp } = readFixture("vex/openvex-multiple.json")
    expect(timestamp).toBe("2023-01-17T01:07:16.853Z")
    expect(statements.map((one) => [one.status, one.timestamp])).toEqual([
      ["affected", "2023-01-15T07:02:03.853Z"],
      ["not_affected", timestamp],
    ])
  })

  it("takes the vulnerability's @id where it has no name", () => {
    const [statement] = readFixture("vex/openvex-trivy-file.json").statements
    expect(statement).toMatchObject({
      vulnerability: "CVE-2022-23628",
      justification: "vulnerable_code_not_in_execute_path",
      note: "The vulnerable code isn't called",
      products: [{ subcomponents: ["pkg:golang/github.com/open-policy-agent/opa@v0.35.0"] }],
    })
  })

  it("keeps the CVE that a DHI id has as its alias", () => {
    const [statement] = readFixture("dhi/vex-not-affected-python-3.10.json").statements
    expect(statement).toMatchObject({ vulnerability: "DHI-CVE-2026-3298-python-3.10", aliases: ["CVE-2026-3298"] })
  })

  it("reads the packages of an image as its subcomponents", () => {
    const [statement] = readFixture("dhi/vex-alpine-base.json").statements
    const busybox = "pkg:apk/alpine/busybox@1.37.0-r19?os_name=alpine&os_version=3.22"
    expect(statement?.products).toEqual([
      { id: busybox, subcomponents: [] },
      { id: "pkg:docker/dhi/alpine-base", subcomponents: [busybox] },
      { id: "pkg:oci/dhi%2Falpine-base", subcomponents: [busybox] },
    ])
  })
})

describe("readVex of OpenVEX", () => {
  it("reads the shapes of 0.0.x: texts, and subcomponents of the whole statement", () => {
    const old = { vulnerability: "CVE-2023-1", products: ["pkg:oci/app"], subcomponents: ["pkg:npm/a@1"] }
    const statement = read(old, { "@context": "https://openvex.dev/ns/v0.0.1" })
    expect(statement).toMatchObject({
      vulnerability: "CVE-2023-1",
      products: [{ id: "pkg:oci/app", subcomponents: ["pkg:npm/a@1"] }],
    })
  })

  it("prefers a product's purl to an @id that is none", () => {
    const products = [{ "@id": "https://example.com/bash", identifiers: { purl: "pkg:deb/debian/bash" } }]
    expect(read({ products })?.products).toEqual([{ id: "pkg:deb/debian/bash", subcomponents: [] }])
  })

  it("dates a statement by its last change", () => {
    const times = { timestamp: "2026-01-01T00:00:00Z", last_updated: "2026-02-01T00:00:00+01:00" }
    expect(read(times)?.timestamp).toBe("2026-01-31T23:00:00.000Z")
  })

  it.each(["9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+00:01"])(
    "refuses the time %s, whose year no stored assessment could hold",
    (timestamp) => {
      expectCode(() => readVex(openVex([], { timestamp })), "VEX_INVALID")
      expect(read({ timestamp })?.unread).toMatch(/^statements\[0\].timestamp: is not a time/)
      expect(read({ last_updated: timestamp })?.unread).toMatch(/^statements\[0\].last_updated: is not a time/)
    },
  )

  it("does not take notes on the status for the impact statement that is missing", () => {
    const silent = read({ justification: "", status_notes: "looked at" })
    expect(silent).not.toHaveProperty("note")
    expect(silent).not.toHaveProperty("justification")
    expect(read({ status_notes: "looked at" })).toHaveProperty("note", "looked at")
  })

  it("keeps a statement without products: who judges it names it", () => {
    expect(read({ products: undefined })?.products).toEqual([])
  })

  it("cuts a long note, which decides nothing", () => {
    expect(read({ impact_statement: "x".repeat(100_000) })?.note).toHaveLength(4097)
  })

  it.each<[string, object, RegExp]>([
    ["an unknown status", { status: "false_positive" }, /statements\[0\].status/],
    ["an unknown justification", { justification: "trust_me" }, /statements\[0\].justification/],
    [
      "a time without a zone",
      { timestamp: "2026-01-01T00:00:00" },
      /statements\[0\].timestamp: is not a time with a zone/,
    ],
    ["a vulnerability without a name", { vulnerability: { aliases: [] } }, /vulnerability: needs a name/],
    ["a product without a name", { products: [{}] }, /products\[0\]: needs an @id/],
    ["a product of two purls", { products: [{ "@id": "pkg:npm/a", identifiers: { purl: "pkg:npm/b" } }] }, /two ways/],
    [
      "subcomponents in two places",
      { products: [{ "@id": "pkg:oci/a", subcomponents: ["pkg:npm/a"] }], subcomponents: ["pkg:npm/b"] },
      /two ways/,
    ],
    ["a product id of 5000 characters", { products: [`pkg:npm/${"a".repeat(5000)}`] }, /products\[0\]/],
    [
      "more than a thousand aliases",
      { vulnerability: { name: "CVE-1-1", aliases: Array(1001).fill("CVE-1-2") } },
      /aliases/,
    ],
    ["a product by its hash alone", { products: [{ hashes: { "sha-256": "aa" } }] }, /products\[0\]: needs an @id/],
    ["a statement that is none", "fixed" as unknown as object, /statements\[0\]: expected a mapping, not text/],
  ])("keeps %s as what cannot be read, and reads the rest", (_, statement, message) => {
    const bad = typeof statement === "string" ? statement : openVexStatement(statement)
    const { statements } = readVex(openVex([bad, openVexStatement({ products: ["pkg:npm/other"] })]))
    expect(unreadOf(statements)).toMatch(message)
    expect(statements.at(-1)).toMatchObject({ status: "not_affected", products: [{ id: "pkg:npm/other" }] })
    expect(statements.at(-1)).not.toHaveProperty("unread")
  })

  it("reads the other products of a statement, and the other parts of a product", () => {
    const products = [{ hashes: {} }, "pkg:npm/a", { "@id": "pkg:oci/app", subcomponents: [{}, "pkg:npm/b"] }]
    expect(read({ products })?.products.map(({ id, subcomponents }) => [id, ...subcomponents])).toEqual([
      [expect.stringMatching(/^\(unreadable: .*products\[0\]/)],
      ["pkg:npm/a"],
      ["pkg:oci/app", expect.stringMatching(/^\(unreadable: .*subcomponents\[0\]/), "pkg:npm/b"],
    ])
  })

  it("takes what it cannot read for newer than all, and for a retraction unless it says that it is none", () => {
    const latest = "9999-12-31T23:59:59.999Z"
    expect(read({ justification: "x" })).toMatchObject({
      vulnerability: "CVE-2026-1",
      status: "not_affected",
      products: [],
    })
    expect(read({ status: "x" })).toMatchObject({ status: "under_investigation", timestamp: latest, products: [] })
    expect(read({ vulnerability: 7, status: "affected" })).toMatchObject({ vulnerability: "", status: "affected" })
  })

  it("knows a retraction by both names of its vulnerability", () => {
    const vulnerability = { "@id": "CVE-2026-1", name: "ACME-7" }
    expect(read({ vulnerability, status: "affected" })).toMatchObject({
      vulnerability: "ACME-7",
      aliases: ["CVE-2026-1"],
    })
    expect(read({ vulnerability })).toMatchObject({ vulnerability: "ACME-7", aliases: [] })
  })

  it.each([
    ["a version that does not exist yet", { "@context": "https://openvex.dev/ns/v0.9.0" }],
    ["another vocabulary", { "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld" }],
    ["no author", { author: undefined }],
    ["no time", { timestamp: undefined }],
    ["a mapping as statements", { statements: {} }],
  ])("refuses %s", (_, more) => {
    expectCode(() => readVex(openVex([], more)), "VEX_INVALID")
  })

  it("tells of every statement what is wrong with it", () => {
    const { statements } = readVex(
      openVex([openVexStatement({ status: "ok" }), openVexStatement({ vulnerability: 1 })]),
    )
    expect(statements.map(({ unread }) => unread)).toEqual([
      expect.stringMatching(/^statements\[0\].status: /),
      expect.stringMatching(/^statements\[1\].vulnerability: /),
    ])
  })

  it("refuses 100,000 statements, and products beyond the limit", () => {
    const flood = (count: number, products: string[]) =>
      openVex(Array.from({ length: count }, () => openVexStatement({ products })))
    expectCode(() => readVex(flood(100_000, ["pkg:npm/a"])), "LIMIT_EXCEEDED")
    expect(readVex(flood(MAX_VEX_STATEMENTS, ["pkg:npm/a"])).statements).toHaveLength(MAX_VEX_STATEMENTS)
    expectCode(() => readVex(flood(1, Array(10_001).fill("pkg:npm/a"))), "LIMIT_EXCEEDED")
    const half = Array(5001).fill("pkg:npm/a") as string[]
    expectCode(() => readVex(flood(Math.ceil(MAX_VEX_PRODUCTS / 5001) + 1, half)), "LIMIT_EXCEEDED")
  })

  it("reads every recorded document without changing it", () => {
    const file = JSON.parse(fixture("vex/openvex-spec-1.json").toString()) as object
    const before = JSON.stringify(file)
    readVex(file)
    expect(JSON.stringify(file)).toBe(before)
  })
})
