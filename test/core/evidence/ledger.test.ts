// What can go wrong: an export says more than was accepted: for other packages, for longer, or as "not affected".
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { toOpenVex } from "../../../core/evidence/ledger-openvex.js"
import { toTrivyIgnore } from "../../../core/evidence/ledger-trivyignore.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { aFinding, anAssessment, aPlatform, aScan, image, now } from "../policy/build-assessment.js"

const policy = parsePolicy(`
version: 1
exceptions:
  - {id: CVE-2026-1, reason: "not reachable: see #12", owner: team-a, expires: 2026-12-31}
  - {id: GHSA-aaaa-bbbb-cccc, package: 'pkg:npm/*', reason: "no fix yet"}
  - {id: CVE-2026-8, reason: unused}
  - {id: CVE-2026-4, reason: over, expires: 2026-01-01}
  - {package: 'pkg:dhi/*', reason: own advisories}
`)
const override = {
  digest: image.digest,
  approver: "jane@example.com",
  reason: "until the release",
  reference: "https://issues.example.com/1",
  cves: ["CVE-2026-3"],
  expires: "2026-06-20T10:00:00.000Z",
  grantedAt: "2026-06-15T00:00:00.000Z",
}
const findings = [
  aFinding({ purl: "pkg:deb/debian/bash@5.0?arch=amd64" }),
  aFinding({ purl: "pkg:deb/debian/bash-doc@5.0" }),
  aFinding({ id: "CVE-2026-2", aliases: ["GHSA-aaaa-bbbb-cccc"], purl: "pkg:npm/lodash@4" }),
  aFinding({ id: "CVE-2026-2", aliases: ["GHSA-aaaa-bbbb-cccc"], purl: "pkg:pypi/lodash@4" }),
  aFinding({ id: "CVE-2026-3" }),
  aFinding({ id: "CVE-2026-4" }),
  aFinding({ id: "CVE-2026-1", purl: "", package: "nameless" }),
]
const unassessed = [{ purl: "pkg:dhi/python@3", name: "python", version: "3" }]
const scan = aScan({ findings, unassessed })
const verdict = evaluate(anAssessment([aPlatform("linux/amd64", { scan })]), policy, { now, override })

describe("toTrivyIgnore", () => {
  it("holds what was accepted, for those packages, until the same moment", () => {
    expect(parse(toTrivyIgnore(verdict))).toEqual({
      vulnerabilities: [
        {
          id: "CVE-2026-1",
          purls: ["pkg:deb/debian/bash-doc@5.0", "pkg:deb/debian/bash@5.0?arch=amd64"],
          expired_at: "2026-12-31T23:59:59.999Z",
          statement: "not reachable: see #12 (accepted by team-a)",
        },
        { id: "CVE-2026-2", purls: ["pkg:npm/lodash@4"], statement: "no fix yet (accepted by policy)" },
        {
          id: "CVE-2026-3",
          purls: ["pkg:deb/debian/bash@5.0"],
          expired_at: "2026-06-20T10:00:00.000Z",
          statement: "until the release (override approved by jane@example.com)",
        },
      ],
    })
  })

  it("is a file without entries for a verdict without any", () => {
    expect(parse(toTrivyIgnore({ findings: [] }))).toEqual({ vulnerabilities: [] })
  })

  it("keeps hostile text in its place", () => {
    const because = { by: "x", statement: "a\n- id: CVE-2026-9\n  # b: {[\u2028", source: "" }
    const hostile = { ...aFinding(), platform: "p", judgement: "excepted" as const, because }
    const { vulnerabilities } = parse(toTrivyIgnore({ findings: [hostile] })) as { vulnerabilities: unknown[] }
    expect(vulnerabilities).toMatchObject([{ id: "CVE-2026-1", statement: `${because.statement} (accepted by x)` }])
  })

  it("lets an end that cannot be read be past", () => {
    const because = { by: "x", statement: "s", source: "", expires: "one day" }
    const finding = { ...aFinding(), platform: "p", judgement: "excepted" as const, because }
    expect(toTrivyIgnore({ findings: [finding] })).toContain("expired_at: 1970-01-01T00:00:00Z")
  })
})

describe("toOpenVex", () => {
  const document = toOpenVex(verdict, { author: "platform team", id: "https://example.com/vex/1" })

  it("says affected, never that there is nothing to see", () => {
    expect(new Set(document.statements.map(({ status }) => status))).toEqual(new Set(["affected"]))
    expect(document.statements.map(({ vulnerability }) => vulnerability)).toEqual([
      { name: "CVE-2026-1" },
      { name: "CVE-2026-2", aliases: ["GHSA-aaaa-bbbb-cccc"] },
      { name: "CVE-2026-3" },
    ])
    expect(document.statements.map((statement) => statement.action_statement)).toEqual([
      "Accepted by team-a until 2026-12-31: not reachable: see #12",
      "Accepted by policy without an end: no fix yet",
      "Overridden by jane@example.com (https://issues.example.com/1) until 2026-06-20T10:00:00.000Z: until the release",
    ])
  })

  it("is about this digest and these packages, as of the verdict", () => {
    expect(document).toMatchObject({
      "@context": "https://openvex.dev/ns/v0.2.0",
      "@id": "https://example.com/vex/1",
      author: "platform team",
      timestamp: "2026-06-15T12:00:00Z",
      version: 1,
    })
    const [{ products: [product] } = { products: [undefined] }] = document.statements
    expect(product?.["@id"]).toBe(`pkg:oci/app@${image.digest}?repository_url=registry.example.com%2Fquarantine%2Fapp`)
    expect(product?.subcomponents).toHaveLength(2)
  })
})
