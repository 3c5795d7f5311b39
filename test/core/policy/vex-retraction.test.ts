// What can go wrong: a retraction that cannot be matched, because its product is a wildcard, a range, a trade name or
// nothing at all, is dropped, and the statement that it takes back goes on suppressing.
import { describe, expect, it } from "vitest"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { defaultPolicy, type Policy } from "../../../core/policy/document/policy.js"
import type { VexDocument, VexProduct, VexStatement } from "../../../core/vex/vex-document.js"
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

  it("is found by an alias, too", () => {
    const verdict = against(newer([], { vulnerability: "ACME-1", aliases: ["CVE-2026-1"] }))
    expect(verdict.passed).toBe(false)
  })

  it.each<[string, readonly VexProduct[], Partial<VexStatement>?]>([
    ["of another version", [about("pkg:deb/debian/bash@4.0")]],
    ["of another package", [about("pkg:deb/debian/dash")]],
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
