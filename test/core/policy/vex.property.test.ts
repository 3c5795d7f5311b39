// Whatever the documents say: VEX never makes a finding block that did not, the order of documents and statements does
// not matter, and a stored assessment replays to the same bytes.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonicalJson } from "../../../core/findings/canonical-json.js"
import { severities } from "../../../core/findings/finding.js"
import { parseAssessment } from "../../../core/findings/parse-assessment.js"
import { digestOf } from "../../../core/oci/digest.js"
import { defaultPolicy, type Policy } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { parseVerdict } from "../../../core/policy/verdict/parse-verdict.js"
import { type VexDocument, type VexStatement, vexStatuses } from "../../../core/vex/vex-document.js"
import { aFinding, anAssessment, aPlatform, aScan, image, now } from "./build-assessment.js"
import { aVex, ownName, withVex } from "./build-vex.js"

const ids = fc.constantFrom("CVE-1-1", "CVE-1-2", "GHSA-a-b-c", "DSA-1-1")
const purls = fc.constantFrom(
  "pkg:deb/debian/bash@5?arch=amd64&distro=debian-13.1",
  "pkg:deb/debian/bash@6",
  "pkg:npm/a@1",
  "",
)
const findings = fc
  .record({ id: ids, aliases: fc.array(ids, { maxLength: 1 }), severity: fc.constantFrom(...severities), purl: purls })
  .map(aFinding)
const platforms = fc
  .tuple(fc.constantFrom("linux/amd64", "linux/arm64"), fc.array(findings, { maxLength: 5 }))
  .map(([name, list]) => aPlatform(name, { scan: aScan({ findings: list }) }))
const images = fc.uniqueArray(platforms, { selector: ({ platform }) => platform, minLength: 1, maxLength: 2 })

const productIds = fc.constantFrom(
  "pkg:deb/debian/bash",
  "pkg:deb/debian/bash@5?os_name=debian&os_version=13",
  "pkg:npm/a@1",
  "registry.example.com/quarantine/app:1",
  `pkg:oci/app@${digestOf("linux/arm64")}`,
  "*",
  "acme",
)
const statements: fc.Arbitrary<VexStatement> = fc.record({
  vulnerability: ids,
  aliases: fc.array(ids, { maxLength: 1 }),
  status: fc.constantFrom(...vexStatuses),
  note: fc.constantFrom("", "because"),
  timestamp: fc.constantFrom("2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"),
  products: fc.array(fc.record({ id: productIds, subcomponents: fc.array(productIds, { maxLength: 1 }) }), {
    maxLength: 2,
  }),
})
const signatures = fc.constantFrom<VexDocument["signature"]>(
  { status: "unsigned" },
  { status: "verified", publisher: "acme", key: "key-1" },
  { status: "verified", publisher: "", key: "own" },
  { status: "untrusted" },
)
const documents = fc
  .record({
    statements: fc.array(statements, { maxLength: 4 }),
    origin: fc.constantFrom("file" as const, "referrer" as const),
    author: fc.constantFrom("Acme", "Mallory"),
    subject: fc.constantFrom(image.digest, digestOf("linux/arm64"), digestOf("other")),
    signature: signatures,
  })
  .map(({ statements: list, ...more }) => aVex(list, more))
const books = fc.array(documents, { maxLength: 4 })

const effects = fc.constantFrom("block" as const, "report" as const)
const policies: fc.Arbitrary<Policy> = fc
  .record({
    severity: fc.constantFrom(...severities),
    fixableOnly: fc.boolean(),
    conflict: effects,
    unusable: effects,
    authors: fc.constantFrom("all" as const, ["Acme"]),
    trusted: fc.boolean(),
  })
  .map(({ severity, fixableOnly, trusted, ...vex }) => {
    const acme = { publisher: "acme", keys: [{ pem: "-", fingerprint: "key-1" }], identities: [], images: [] }
    const base = defaultPolicy()
    return { ...base, severity, fixableOnly, trusted: trusted ? [acme] : [], vex: { ...base.vex, ...vex } }
  })

const told: Partial<Policy["vex"]> = { conflict: "report", unusable: "report" }
const judge = (...[given, policy]: [Parameters<typeof evaluate>[0], Policy]) => evaluate(given, policy, { now })

describe("VEX of any kind", () => {
  it("never adds a finding that blocks, nor stops an image that would pass, where its own faults are only told", () => {
    fc.assert(
      fc.property(images, books, policies, (list, vex, given) => {
        const policy = { ...given, vex: { ...given.vex, ...told } }
        const before = judge(anAssessment(list), policy)
        const after = judge(withVex(list, vex), policy)
        const open = new Set(before.remaining)
        expect(after.remaining.filter((id) => !open.has(id))).toEqual([])
        expect(after.findings).toHaveLength(before.findings.length)
        if (before.passed) expect(after.passed).toBe(true)
      }),
    )
  })

  it("never lets another document's statement count by adding one that cannot suppress", () => {
    fc.assert(
      fc.property(images, books, documents, policies, (list, vex, more, policy) => {
        const open = more.statements.filter(({ status }) => status === "affected" || status === "under_investigation")
        const harmless = { ...more, statements: open }
        const before = judge(withVex(list, vex), policy).findings.filter(({ judgement }) => judgement === "suppressed")
        const after = judge(withVex(list, [...vex, harmless]), policy).findings
        expect(after.filter(({ judgement }) => judgement === "suppressed").length).toBeLessThanOrEqual(before.length)
      }),
    )
  })

  it("suppresses nothing by an attached document whose signer the policy does not trust", () => {
    const strangers = signatures.filter(({ publisher }) => publisher !== "")
    fc.assert(
      fc.property(images, books, strangers, policies, (list, vex, signature, policy) => {
        const attached = vex.map((one) => ({ ...one, origin: "referrer" as const, signature }))
        const verdict = judge(withVex(list, attached), { ...policy, trusted: [] })
        expect(verdict.findings.filter(({ judgement }) => judgement === "suppressed")).toEqual([])
      }),
    )
  })

  it("gives one verdict in every order of documents, statements and names", () => {
    const other = { ...ownName, repository: "docker.io/library/app", by: "provenance" as const }
    fc.assert(
      fc.property(images, books, policies, (list, vex, policy) => {
        const turned = [...vex].reverse().map((one) => ({ ...one, statements: [...one.statements].reverse() }))
        const forward = judge(withVex(list, vex, { products: [ownName, other] }), policy)
        const backward = judge(withVex([...list].reverse(), turned, { products: [other, ownName] }), policy)
        expect(canonicalJson(backward)).toBe(canonicalJson(forward))
      }),
    )
  })

  it("replays from the stored assessment to the same bytes", () => {
    fc.assert(
      fc.property(images, books, policies, (list, vex, policy) => {
        const given = withVex(list, vex)
        const verdict = judge(given, policy)
        const stored = parseAssessment(canonicalJson(given))
        expect(canonicalJson(judge(stored, policy))).toBe(canonicalJson(verdict))
        expect(canonicalJson(parseVerdict(JSON.stringify(verdict)))).toBe(canonicalJson(verdict))
      }),
    )
  })

  it("says of every suppressed finding which document did it", () => {
    fc.assert(
      fc.property(images, books, policies, (list, vex, policy) => {
        const verdict = judge(withVex(list, vex), policy)
        const suppressed = verdict.findings.filter(({ judgement }) => judgement === "suppressed")
        const places = (verdict.vex ?? []).flatMap((use) => (use.trusted ? use.suppressed : []))
        expect(places).toHaveLength(suppressed.length)
        expect(suppressed.every(({ because }) => /^(?:not_affected|fixed)/.test(because?.statement ?? ""))).toBe(true)
      }),
    )
  })
})
