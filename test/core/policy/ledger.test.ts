// What can go wrong: exceptions that nobody needs stay for ever, one ends unnoticed, a fix is there and nobody updates,
// the end depends on the clock's zone, thousands of exceptions take minutes.
import { describe, expect, it } from "vitest"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import type { PolicyException } from "../../../core/policy/document/policy.js"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { aFinding, anAssessment, aPlatform, aScan, codesOf, messageOf, now, withFindings } from "./build-assessment.js"

const policyOf = (yaml: string) => parsePolicy(`version: 1\n${yaml}`)
const fixable = anAssessment([
  withFindings(
    "linux/amd64",
    aFinding({ fixedVersion: "5.2", purl: "pkg:deb/debian/bash@5.0?arch=amd64" }),
    aFinding({ fixedVersion: "5.1", purl: "pkg:deb/debian/bash-doc@5.0?arch=all" }),
  ),
])
const judge = (yaml: string, at = now) => evaluate(fixable, policyOf(yaml), { now: at })

describe("the ledger of exceptions", () => {
  it.each([
    ["unused", "exceptions: [{id: CVE-2026-1, reason: r}, {id: CVE-2026-9, reason: r}]", "EXCEPTION_UNUSED"],
    ["expiring", "exceptions: [{id: CVE-2026-1, reason: r, expires: 2026-06-20}]", "EXCEPTION_EXPIRING"],
    [
      "expired",
      "exceptions: [{id: CVE-2026-1, reason: r}, {id: CVE-2026-9, reason: r, expires: 2026-06-01}]",
      "EXCEPTION_EXPIRED",
    ],
    ["fixable", "exceptions: [{id: CVE-2026-1, reason: r}]", "EXCEPTION_FIXABLE"],
  ])("tells of %s ones, and blocks when the policy says so", (key, exceptions, code) => {
    const told = judge(exceptions)
    expect(told.passed).toBe(true)
    expect(codesOf(told, "report")).toContain(code)
    const blocked = judge(`${exceptions}\nledger: {${key}: block}`)
    expect(blocked).toMatchObject({ passed: false, outcome: "blocked" })
    expect(codesOf(blocked, "block")).toEqual([code])
  })

  it("says what an exception is used for, and what would fix that", () => {
    const verdict = judge("exceptions: [{id: CVE-2026-1, reason: r}]")
    expect(verdict.exceptions).toEqual([
      {
        id: "CVE-2026-1",
        reason: "r",
        state: "used",
        uses: 2,
        packages: ["pkg:deb/debian/bash-doc@5.0", "pkg:deb/debian/bash@5.0"],
        fixedIn: ["5.1", "5.2"],
      },
    ])
    expect(messageOf(verdict, "EXCEPTION_FIXABLE")).toBe(
      "the exception for CVE-2026-1 accepts what is fixed in 5.1, 5.2: update instead",
    )
  })

  it("tells of one that ends soon and covers nothing both", () => {
    const verdict = judge("exceptions: [{id: CVE-2026-1, reason: r}, {id: CVE-2026-9, reason: r, expires: 2026-06-20}]")
    expect(codesOf(verdict, "report")).toEqual(expect.arrayContaining(["EXCEPTION_EXPIRING", "EXCEPTION_UNUSED"]))
  })

  it("counts as expiring within the policy's time", () => {
    const yaml = "exceptions: [{id: CVE-2026-1, reason: r, expires: 2026-07-10}]"
    expect(judge(yaml).exceptions).toMatchObject([{ state: "used" }])
    expect(judge(`${yaml}\nledger: {within: 30d}`).exceptions).toMatchObject([{ state: "expiring" }])
  })

  it("does not list one that is about other images as unused", () => {
    const verdict = judge(
      "ledger: {unused: block}\nexceptions: [{id: CVE-2026-1, reason: r}, {id: CVE-2026-9, images: ['other.example.com/**'], reason: r}]",
    )
    expect(verdict).toMatchObject({ passed: true, exceptions: [{ id: "CVE-2026-1" }] })
  })

  it.each([
    ["2026-06-15T23:59:59.999Z", "2026-06-15", true],
    ["2026-06-16T01:59:59.999+02:00", "2026-06-15", true],
    ["2026-06-16T00:00:00.000Z", "2026-06-15", false],
    ["2026-06-15T19:00:00.000-05:00", "2026-06-15", false],
    ["2026-06-15T12:00:00.000Z", "2026-06-15T14:00:00+02:00", true],
    ["2026-06-15T12:00:00.001Z", "2026-06-15T14:00:00+02:00", false],
    ["2026-06-15T12:00:00.001Z", "2026-06-15T07:00:00-05:00", false],
  ])("at %s an end of %s: %s", (at, expires, covers) => {
    expect(judge(`exceptions: [{id: CVE-2026-1, reason: r, expires: '${expires}'}]`, new Date(at)).passed).toBe(covers)
  })
})

describe("ten thousand exceptions and as many findings", () => {
  const size = 10_000
  const many = <T>(make: (at: number) => T) => Array.from({ length: size }, (_, at) => make(at))
  const exception = (more: Partial<PolicyException>): PolicyException => ({
    images: [],
    platforms: [],
    reason: "r",
    ...more,
  })
  const judgeMany = (exceptions: readonly PolicyException[], scan: Parameters<typeof aScan>[0]) =>
    evaluate(
      anAssessment([aPlatform("linux/amd64", { scan: aScan(scan) })]),
      { ...defaultPolicy(), exceptions },
      { now },
    )

  it("meet by id", () => {
    const verdict = judgeMany(
      many((at) => exception({ id: `CVE-2026-${at}` })),
      { findings: many((at) => aFinding({ id: `CVE-2026-${at}` })) },
    )
    expect(verdict).toMatchObject({ passed: true, remaining: [] })
    expect(verdict.exceptions.every(({ uses }) => uses === 1)).toBe(true)
  })

  it("meet by the package, when all are about one id", () => {
    const verdict = judgeMany(
      many((at) => exception({ id: "CVE-2026-1", package: `pkg:npm/p${at}` })),
      { findings: many((at) => aFinding({ purl: `pkg:npm/p${at}@1` })) },
    )
    expect(verdict.exceptions.every(({ uses }) => uses === 1)).toBe(true)
    expect(verdict.passed).toBe(true)
  })

  it("meet by the package, when nothing could assess them", () => {
    const verdict = judgeMany(
      many((at) => exception({ package: at % 2 === 0 ? `pkg:dhi/p${at}` : `pkg:generic/p${at}-*` })),
      { unassessed: many((at) => ({ purl: `pkg:dhi/p${at - (at % 2)}@1`, name: `p${at}`, version: "1" })) },
    )
    expect(verdict.passed).toBe(true)
    expect(verdict.exceptions.reduce((sum, { uses }) => sum + uses, 0)).toBe(size)
  })
})
