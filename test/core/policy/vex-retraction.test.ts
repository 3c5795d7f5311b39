// What can go wrong: a retraction that cannot be matched, because its product is a wildcard, a range, a trade name or
// nothing at all, is dropped, and the statement that it takes back goes on suppressing.
import { describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { defaultPolicy, type Policy } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { vexFromBytes } from "../../../core/vex/read-vex.js"
import type { VexDocument, VexInput, VexProduct, VexStatement } from "../../../core/vex/vex-document.js"
import { aFinding, codesOf, image, messageOf, now, withFindings } from "./build-assessment.js"
import { anAttachedVex, aStatement, aVex, bash, withVex } from "./build-vex.js"

const app = "registry.example.com/quarantine/app"
const about = (id: string, ...subcomponents: string[]): VexProduct => ({ id, subcomponents })
const later = "2026-06-10T00:00:00.000Z"
const newer = (products: readonly VexProduct[], more: Partial<VexStatement> = {}) =>
  aStatement({ status: "affected", timestamp: later, products, ...more })
const policyOf = (vex: Partial<Policy["vex"]>): Policy => ({
  ...defaultPolicy(),
  vex: { ...defaultPolicy().vex, ...vex },
})
const judge = (documents: readonly VexDocument[], policy = defaultPolicy()) =>
  evaluate(withVex([withFindings("linux/amd64", aFinding())], documents), policy, { now })
const against = (retraction: VexStatement, more: Partial<VexDocument> = {}, older = aStatement()) =>
  judge([aVex([older]), aVex([retraction], { source: "newer.json", ...more })])

describe("a newer retraction", () => {
  it.each<[string, readonly VexProduct[]]>([
    ["by a wildcard", [about("pkg:deb/debian/bash*")]],
    ["of no product", []],
    ["by a range of versions", [about("(pkg:deb/debian/bash vers:deb/<6)")]],
    ["by a CPE", [about("cpe:2.3:a:gnu:bash:5.0:*:*:*:*:*:*:*")]],
    ["by what is no package URL", [about("pkg:deb")]],
    ["by a name without its distribution", [about("pkg:deb/bash")]],
    ["by a name without its distribution in this image", [about(app, "pkg:deb/bash")]],
    ["by a name without its distribution in another product", [about("(Acme Linux 9)", "pkg:deb/BASH")]],
    ["of a package with a part of it", [about("pkg:deb/debian/bash", "pkg:deb/debian/bash")]],
    ["of a package by a part that cannot be matched", [about("pkg:npm/a", "cpe:/a:gnu:bash")]],
    ["of a package in another one", [about("pkg:npm/a", bash)]],
    ["of a package in a trade name", [about("(Acme Linux 9)", "pkg:deb/debian/bash")]],
    ["of a part of this image that cannot be matched", [about(app, "(bash 5.0)")]],
  ])("%s suspends what it may take back, and is named", (_, products) => {
    for (const status of ["affected", "under_investigation"] as const) {
      const verdict = against(newer(products, { status }))
      expect(verdict).toMatchObject({ passed: false, remaining: ["CVE-2026-1"] })
      expect(codesOf(verdict, "block")).toEqual(["FINDINGS", "VEX_CONFLICT"])
      expect(messageOf(verdict, "VEX_CONFLICT")).toMatch(/cannot be matched.*CVE-2026-1 in .*bash.*file newer.json/)
      expect(verdict.vex?.flatMap(({ suppressed }) => suppressed)).toEqual([])
    }
  })

  it.each([
    ["pkg:npm/lodash@4.17.20", "pkg:npm/Lodash@4.17.20"],
    ["pkg:maven/org.a/b@1", "pkg:maven/b@1"],
    ["pkg:golang/golang.org/x/text@v0.3.6", "pkg:golang/golang.org/x/text@v0.3.6#language"],
    ["pkg:golang/github.com/caarlos0/env@v11.3.1#v11", "pkg:golang/github.com/caarlos0/env/v11@v11.3.1"],
  ])("of %s is one by another spelling, %s", (purl, spelled) => {
    const suppressing = aStatement({ products: [about(purl)] })
    const judged = (retraction: string) => {
      const documents = [aVex([suppressing]), aVex([newer([about(retraction)])], { source: "newer.json" })]
      return evaluate(withVex([withFindings("linux/amd64", aFinding({ purl }))], documents), defaultPolicy(), { now })
    }
    expect(judged("pkg:npm/something@1").passed).toBe(true)
    expect(judged(spelled).passed).toBe(false)
  })

  it("is found by an alias, too", () => {
    const verdict = against(newer([], { vulnerability: "ACME-1", aliases: ["CVE-2026-1"] }))
    expect(verdict.passed).toBe(false)
  })

  it.each<[string, readonly VexProduct[], Partial<VexStatement>?]>([
    ["of another version", [about("pkg:deb/debian/bash@4.0")]],
    ["of another package", [about("pkg:deb/debian/dash")]],
    ["of another distribution's package", [about("pkg:deb/ubuntu/bash")]],
    ["of another ecosystem's package", [about("pkg:npm/bash")]],
    ["of another version by another spelling", [about("pkg:deb/Bash@4.0")]],
    ["of another package in a trade name", [about("(Acme Linux 9)", "pkg:deb/debian/dash")]],
    ["of another image", [about("registry.example.com/quarantine/other", "(bash 5.0)")]],
    ["of another vulnerability", [], { vulnerability: "CVE-2026-2" }],
    ["that is older", [], { timestamp: "2026-05-01T00:00:00.000Z" }],
  ])("%s takes nothing back", (_, products, more) => {
    expect(against(newer(products, more)).passed).toBe(true)
  })

  it("is settled by a statement that is newer still", () => {
    const settled = aStatement({ timestamp: "2026-06-11T00:00:00.000Z" })
    expect(judge([aVex(), aVex([newer([])], { source: "b" }), aVex([settled], { source: "c" })]).passed).toBe(true)
  })

  it("of the same moment counts from another document; in one document the exact statement is meant", () => {
    const same = newer([about("(Acme Linux 9)")], { timestamp: aStatement().timestamp })
    expect(against(same).passed).toBe(false)
    expect(judge([aVex([aStatement(), same])]).passed).toBe(true)
  })

  it("adds no finding where nothing was suppressed", () => {
    const verdict = judge([aVex([newer([about("*")])])])
    expect(codesOf(verdict, "block")).toEqual(["FINDINGS"])
    const clean = evaluate(withVex(undefined, [aVex([newer([about("*")])])]), defaultPolicy(), { now })
    expect(clean.passed).toBe(true)
  })

  it("only stays told where the policy only reports contradictions, and the finding still blocks", () => {
    const verdict = judge([aVex(), aVex([newer([])], { source: "b" })], policyOf({ conflict: "report" }))
    expect(codesOf(verdict, "block")).toEqual(["FINDINGS"])
    expect(codesOf(verdict, "report")).toContain("VEX_CONFLICT")
  })

  it("by nobody whom the policy trusts takes nothing back, and is named with what it would have", () => {
    for (const products of [[], [about(bash)]]) {
      const stranger = anAttachedVex({ signature: { status: "unsigned" }, subject: image.digest }, [newer(products)])
      const verdict = judge([aVex(), stranger])
      expect(verdict.passed).toBe(true)
      expect(messageOf(verdict, "VEX_UNTRUSTED")).toContain("1 suppression that it would have taken back")
    }
  })
})

const lodash = "pkg:npm/lodash@4.17.20"
const found = aFinding({ id: "CVE-2021-23337", purl: lodash, package: "lodash", version: "4.17.20" })
const head = { "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/vex", author: "Acme" }
const openVexFile = (source: string, timestamp: string, ...statements: unknown[]) =>
  vexFromBytes(JSON.stringify({ ...head, timestamp, version: 1, statements }), {
    origin: "file",
    source,
    signature: { status: "unsigned" },
  })
const clears = (id: string) => ({
  vulnerability: { name: "CVE-2021-23337" },
  products: [{ "@id": id }],
  status: "not_affected",
  justification: "vulnerable_code_not_in_execute_path",
})
const older = openVexFile("older.json", "2026-01-01T00:00:00Z", clears(lodash))
const takesBack = (product: unknown, more: object = {}) => ({
  vulnerability: { name: "CVE-2021-23337" },
  products: [product],
  status: "affected",
  action_statement: "update",
  ...more,
})
const judgeFiles = (documents: readonly VexDocument[], problems: VexInput["problems"] = [], policy = defaultPolicy()) =>
  evaluate(withVex([withFindings("linux/amd64", found)], documents, { problems }), policy, { now })

// What can go wrong: what a document takes back is in a form that nobody reads here, and the older statement stands.
describe("a newer retraction as it is written", () => {
  it("has something to take back", () => {
    expect(judgeFiles([older]).passed).toBe(true)
  })

  it.each<[string, unknown, object?]>([
    ["a product by its hash alone", { hashes: { "sha-256": "a".repeat(64) } }],
    ["a product by @id and another purl", { "@id": "pkg:npm/lodash", identifiers: { purl: lodash } }],
    ["a product by its CPE", { identifiers: { cpe23: "cpe:2.3:a:lodash:lodash:4.17.20:*:*:*:*:*:*:*" } }],
    ["a product that is a number", 7],
    ["a product without a name", {}],
    ["products that are no list", undefined, { products: { "@id": lodash } }],
    ["a part by its hash alone", { "@id": "pkg:oci/app", subcomponents: [{ hashes: {} }] }],
    ["parts in two places", { "@id": lodash, subcomponents: [lodash] }, { subcomponents: [lodash] }],
    ["a status that nobody knows", { "@id": lodash }, { status: "exploitable" }],
    ["no status", { "@id": lodash }, { status: undefined }],
    ["a vulnerability that cannot be read", { "@id": lodash }, { vulnerability: 7 }],
    [
      "aliases that cannot be read",
      { "@id": lodash },
      { vulnerability: { name: "ACME-7", aliases: "CVE-2021-23337" } },
    ],
    [
      "the id of the vulnerability as @id",
      { "@id": lodash },
      { vulnerability: { "@id": "CVE-2021-23337", name: "A-7" } },
    ],
    ["a time without a zone", { "@id": lodash }, { timestamp: "2026-06-01T00:00:00" }],
    ["a qualifier that cannot be compared", { "@id": `${lodash}?checksum=sha256:aa` }],
    ["a range for a version", { "@id": "pkg:npm/lodash@%3C4.17.21" }],
    ["a range in vers notation", { "@id": "pkg:npm/lodash@vers:npm%2F%3C4.17.21" }],
    ["a subpath", { "@id": `${lodash}#dist/lodash.js` }],
  ])("by %s counts", (_, product, more) => {
    const newer = openVexFile("newer.json", "2026-06-01T00:00:00Z", takesBack(product, more))
    const verdict = judgeFiles([older, newer])
    expect(verdict).toMatchObject({ passed: false, remaining: ["CVE-2021-23337"] })
    expect(codesOf(verdict, "block")).toContain("FINDINGS")
  })

  it.each<[string, unknown]>([
    ["a hash", { hashes: { "sha-256": "a".repeat(64) } }],
    ["two purls", { "@id": "pkg:npm/lodash", identifiers: { purl: lodash } }],
  ])("by %s is named with the statement that it suspends", (_, product) => {
    const newer = openVexFile("newer.json", "2026-06-01T00:00:00Z", takesBack(product))
    const verdict = judgeFiles([older, newer])
    expect(messageOf(verdict, "VEX_CONFLICT")).toMatch(
      /CVE-2021-23337 in pkg:npm\/lodash.*file newer.json.*file older.json/,
    )
    expect(messageOf(verdict, "VEX_UNUSABLE")).toMatch(
      /newer.json has 1 statement or product that cannot be used.*products\[0\]/,
    )
  })

  it("of something else takes nothing back, however it is written", () => {
    for (const statement of [
      takesBack({ hashes: {} }, { vulnerability: { name: "CVE-2026-9" } }),
      takesBack({ "@id": "pkg:npm/other@1?checksum=sha256:aa" }),
      takesBack({ "@id": "pkg:npm/lodash@4.17.21?checksum=sha256:aa" }),
      { ...clears(lodash), justification: "trust_me" },
      { ...clears(lodash), timestamp: "never" },
    ])
      expect(judgeFiles([older, openVexFile("b", "2026-06-01T00:00:00Z", statement)]).passed).toBe(true)
  })

  it("never keeps the rest of its document unread", () => {
    const both = openVexFile(
      "b.json",
      "2026-06-01T00:00:00Z",
      clears(lodash),
      takesBack({}, { vulnerability: "CVE-2026-9" }),
    )
    expect(judgeFiles([both]).passed).toBe(true)
  })

  it("counts by the date that is signed: nothing beside the document says how old it is", () => {
    const stale = openVexFile("stale.json", "2025-12-31T00:00:00Z", takesBack({ hashes: {} }))
    expect(judgeFiles([older, stale]).passed).toBe(true)
    const own = openVexFile(
      "own.json",
      "2025-12-31T00:00:00Z",
      takesBack({ hashes: {} }, { timestamp: "2026-06-01T00:00:00Z" }),
    )
    expect(judgeFiles([older, own]).passed).toBe(false)
  })
})

describe("a document that cannot be read", () => {
  const problem = { source: "newer.json", message: "is not JSON" }
  const signed = { status: "verified", publisher: "acme", key: "key-1" } as const
  const attached = { ...problem, origin: "referrer", subject: image.digest } as const
  const trusting: Policy = {
    ...defaultPolicy(),
    trusted: [{ publisher: "acme", keys: [{ pem: "", fingerprint: "key-1" }], identities: [], images: [] }],
  }

  it("suspends what VEX suppresses when its word would count: a file, or signed by somebody trusted", () => {
    for (const one of [{ ...problem, origin: "file" } as const, { ...attached, signature: signed }]) {
      const verdict = judgeFiles([older], [one], trusting)
      expect(codesOf(verdict, "block")).toEqual(["FINDINGS", "VEX_CONFLICT"])
      expect(messageOf(verdict, "VEX_CONFLICT")).toContain(`${one.origin} newer.json`)
      expect(messageOf(verdict, "VEX_UNUSABLE")).toContain("is not JSON")
    }
  })

  it("is only told when nobody whose word counts signed it, or it is about another part of the image", () => {
    for (const one of [
      problem,
      attached,
      { ...attached, signature: { status: "unsigned" } } as const,
      { ...attached, signature: { ...signed, key: "key-2" } },
      { ...attached, signature: signed, subject: digestOf("another platform") },
    ]) {
      const verdict = judgeFiles([older], [one], trusting)
      expect([one, verdict.passed]).toEqual([one, true])
      expect(codesOf(verdict, "report")).toContain("VEX_UNUSABLE")
    }
  })

  it("stops the image when it claims a trusted key and does not verify", () => {
    const verdict = judgeFiles([], [{ ...attached, signature: { status: "invalid", reason: "r" } }], trusting)
    expect(codesOf(verdict, "block")).toContain("SIGNATURE_INVALID")
  })

  it("stops nothing where VEX suppresses nothing", () => {
    const verdict = evaluate(withVex(undefined, [], { problems: [{ ...problem, origin: "file" }] }), trusting, { now })
    expect(verdict.passed).toBe(true)
  })
})
