// policy-test: a case that could not fail, or passes for the wrong reason, is an error; what is wrong is told at once.
import { describe, expect, it } from "vitest"
import { renderPolicyTest } from "../../../core/policy/cases/render-policy-cases.js"
import { type TestOptions, testPolicy } from "../../../core/policy/cases/run-policy-cases.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { policyDigest } from "../../../core/policy/document/policy.js"
import { aFinding, anAssessment, now, withFindings } from "./build-assessment.js"

const policy = "version: 1\nexceptions:\n  - {id: CVE-2026-2, reason: r, expires: 2026-06-15}\n"
const run = (cases: string, options: TestOptions = {}, text = policy) =>
  testPolicy(text, `version: 1\ncases:\n${cases}`, { now, ...options })
const problemsOf = (cases: string, options?: TestOptions) =>
  run(cases, options).problems.map(({ source, line, path, message }) => `${source}:${line}: ${path}: ${message}`)

const finding = "{id: CVE-2026-1, severity: critical, package: pkg:deb/debian/bash@5.0, fixed-version: '5.1'}"

describe("testPolicy", () => {
  it("passes when the verdict is what was expected", () => {
    const result = run(`
  - name: blocks critical
    image: ghcr.io/acme/x
    at: 2026-01-01
    given: {findings: [${finding}], database-age: 2h}
    expect: {outcome: blocked, reasons: [FINDINGS], remaining: [CVE-2026-1], excepted: []}
  - name: lets a clean image pass
    expect: {outcome: promote, reasons: []}`)
    expect(result.problems).toEqual([])
    expect(result.cases.map(({ name, line, passed, failures }) => ({ name, line, passed, failures }))).toEqual([
      { name: "blocks critical", line: 4, passed: true, failures: [] },
      { name: "lets a clean image pass", line: 9, passed: true, failures: [] },
    ])
    expect(result).toMatchObject({ passed: true, policy: { digest: policyDigest(parsePolicy(policy)) } })
  })

  it("fails with what was expected and what it got, for each expectation", () => {
    const result = run(`
  - name: everything is wrong
    given: {findings: [${finding}]}
    expect: {outcome: promote, reasons: [UNASSESSED], reports: [VEX_CONFLICT], remaining: [CVE-2026-9], excepted: [CVE-2026-1]}
  - name: all is well
    expect: {outcome: promote}`)
    expect(result.passed).toBe(false)
    expect(result.cases[0]?.failures).toEqual([
      { what: "outcome", expected: ["promote"], got: ["blocked"] },
      { what: "reasons", expected: ["UNASSESSED"], got: ["FINDINGS"] },
      { what: "reports", expected: ["VEX_CONFLICT"], got: expect.arrayContaining(["EXCEPTION_EXPIRING"]) },
      { what: "remaining", expected: ["CVE-2026-9"], got: ["CVE-2026-1"] },
      { what: "excepted", expected: ["CVE-2026-1"], got: [] },
    ])
    expect(result.cases[1]?.passed).toBe(true)
  })

  it("fails for one reason more than was expected", () => {
    const [one] = run(`
  - name: only the database
    given: {findings: [${finding}], database-age: unknown}
    expect: {reasons: [DATABASE_UNKNOWN]}`).cases
    expect(one?.failures).toEqual([
      { what: "reasons", expected: ["DATABASE_UNKNOWN"], got: ["DATABASE_UNKNOWN", "FINDINGS"] },
    ])
  })

  it("judges at the case's own time: an exception counts to the end of its day, in any time zone", () => {
    const given = "given: {findings: [{id: CVE-2026-2, severity: HIGH}]}"
    const result = run(`
  - {name: within, at: "2026-06-16T01:59:59+02:00", ${given}, expect: {outcome: promote, excepted: [CVE-2026-2]}}
  - {name: after, at: "2026-06-16T02:00:00+02:00", ${given}, expect: {outcome: blocked, remaining: [CVE-2026-2]}}
  - {name: the day after, at: 2026-06-16, ${given}, expect: {outcome: blocked, reports: [EXCEPTION_EXPIRED]}}`)
    expect(result.cases.map(({ passed }) => passed)).toEqual([true, true, true])
  })

  it("judges a stored assessment", () => {
    const assessment = JSON.stringify(anAssessment([withFindings("linux/amd64", aFinding())]))
    const files = new Map([["reports/assessment.json", assessment]])
    const cases = "\n  - {name: stored, assessment: reports/assessment.json, expect: {remaining: [CVE-2026-1]}}"
    expect(run(cases, { files })).toMatchObject({ passed: true, cases: [{ outcome: "blocked" }] })
    expect(run(cases, { files: new Map([["reports/assessment.json", "{}"]]) })).toMatchObject({
      passed: false,
      cases: [],
    })
    expect(problemsOf(cases, { files: new Map() })).toEqual([
      expect.stringContaining('cases.yaml:4: cases[0].assessment: there is no file "reports/assessment.json"'),
    ])
    expect(problemsOf(cases, { files: new Map([["reports/assessment.json", "[".repeat(10_000)]]) })[0]).toContain(
      "cases[0].assessment",
    )
  })

  it("gives the same result every time", () => {
    const cases = `\n  - {name: a, given: {findings: [${finding}]}, expect: {outcome: blocked}}`
    expect(run(cases)).toEqual(run(cases))
  })
})

describe("a file of cases", () => {
  it.each([
    ["without cases", "version: 1\ncases: []", "cases: must hold a case"],
    ["without the key", "version: 1", "cases: is missing"],
    ["that is empty", "", "(document): expected a mapping, not nothing"],
    [
      "of another version",
      "version: 2\ncases: [{name: a, expect: {outcome: promote}}]",
      "version: expected version: 1",
    ],
    ["that is no YAML", "cases: [", "is not valid YAML"],
    ["that is a bomb", "a: &a [1]\nb: &b [*a,*a]\nc: ".padEnd(2_000_000, "x"), "is larger than"],
  ])("%s is refused", (_, text, message) => {
    const result = testPolicy(policy, text, { now })
    expect(result).toMatchObject({ passed: false, cases: [] })
    expect(result.problems.map((one) => `${one.source}: ${one.path}: ${one.message}`).join()).toContain(`cases.yaml: `)
    expect(result.problems.map((one) => `${one.path}: ${one.message}`).join()).toContain(message)
  })

  it("with a case that expects nothing is refused, however it says so", () => {
    expect(problemsOf("\n  - {name: a}\n  - {name: b, expect: {}}\n  - {name: c, expect: {reports: []}}")).toEqual([
      expect.stringContaining("cases.yaml:4: cases[0].expect: is missing"),
      expect.stringContaining("cases.yaml:5: cases[1].expect: expects nothing"),
      expect.stringContaining("cases.yaml:6: cases[2].expect.reports: must name a reason"),
    ])
  })

  it("tells every unknown key and wrong value at once, with lines", () => {
    expect(
      problemsOf(`
  - name: a
    givn: {}
    expect: {outcome: pass, reason: FINDINGS}
  - name: "two\\nlines"
    given:
      findings: [{id: CVE-1, severity: SEVERE, package: bash}]
      database-age: old
      epss: {CVE-2026-1: 7}
    expect: {reasons: [NONSENSE]}`),
    ).toEqual([
      expect.stringContaining("cases.yaml:5: cases[0].givn: unknown key"),
      expect.stringContaining("cases.yaml:6: cases[0].expect.outcome: expected one of"),
      expect.stringContaining("cases.yaml:6: cases[0].expect.reason: unknown key"),
      expect.stringContaining("cases.yaml:7: cases[1].name: must be one line"),
      expect.stringContaining("cases.yaml:9: cases[1].given.findings[0].severity: expected one of"),
      expect.stringContaining("cases.yaml:9: cases[1].given.findings[0].package: is not a package URL"),
      expect.stringContaining("cases.yaml:10: cases[1].given.database-age: "),
      expect.stringContaining("cases.yaml:11: cases[1].given.epss"),
      expect.stringContaining("cases.yaml:12: cases[1].expect.reasons[0]: expected one of"),
    ])
  })

  it("that says two things at once, or names no image, is refused", () => {
    expect(
      problemsOf(`
  - {name: b, given: {}, assessment: x, expect: {outcome: promote}}
  - {name: c, image: "not an image", expect: {outcome: promote}}`),
    ).toEqual([
      expect.stringContaining("cases[0]: has given and assessment: only one counts"),
      expect.stringContaining("cases[1].image: is not an image reference"),
    ])
  })

  it("that names what is not there is refused: such a case would pass for the wrong reason", () => {
    expect(
      problemsOf(`
  - name: a
    given:
      platforms: [linux/amd64]
      findings: [{id: CVE-2026-1, severity: HIGH, platform: linux/arm64}]
      known-exploited: [CVE-2026-7]
      epss: {CVE-2026-8: 0.9}
      signed-by: nobody
      promoted: {findings: [CVE-2026-9]}
    expect: {outcome: promote}
  - {name: a, expect: {outcome: promote}}`).sort(),
    ).toEqual([
      expect.stringContaining("cases.yaml:10: cases[0].given.signed-by: no publisher in the policy's trusted"),
      expect.stringContaining("cases.yaml:11: cases[0].given.promoted.findings: CVE-2026-9 is not among the findings"),
      expect.stringContaining("cases.yaml:13: cases[1].name: another case has this name"),
      expect.stringContaining("cases.yaml:7: cases[0].given.findings[0].platform: is not among the platforms"),
      expect.stringContaining("cases.yaml:8: cases[0].given.known-exploited[0]: CVE-2026-7 is not among the findings"),
      expect.stringContaining("cases.yaml:9: cases[0].given.epss.CVE-2026-8: CVE-2026-8 is not among the findings"),
    ])
  })

  it("needs a time for each case when none is given", () => {
    const result = testPolicy(policy, "version: 1\ncases: [{name: a, expect: {outcome: promote}}]")
    expect(result.problems).toEqual([
      { source: "cases.yaml", line: 2, path: "cases[0]", message: expect.stringContaining("needs at") },
    ])
  })

  it("is not run against a policy that is none", () => {
    const result = run(
      "\n  - {name: a, expect: {outcome: promote}}",
      { policySource: "p.yaml" },
      "version: 1\ncolour: red",
    )
    expect(result).toMatchObject({
      passed: false,
      cases: [],
      problems: [{ source: "p.yaml", line: 2, path: "colour" }],
    })
  })
})

describe("renderPolicyTest", () => {
  it("writes each case on a line, and the reasons under what failed", () => {
    const text = renderPolicyTest(
      run(`
  - {name: passes, expect: {outcome: promote}}
  - name: fails
    given: {findings: [${finding}]}
    expect: {outcome: promote, remaining: []}`),
    )
    const lines = text.split("\n")
    expect(lines.slice(0, 3)).toEqual([
      "cases.yaml:4: passed: passes",
      "cases.yaml:5: FAILED: fails: outcome: expected promote, got blocked",
      "cases.yaml:5: FAILED: fails: remaining: expected none, got CVE-2026-1",
    ])
    expect(text).toContain("    block FINDINGS linux/amd64: 1 vulnerability at HIGH or above: CVE-2026-1")
    expect(lines.slice(-2)).toEqual(["cases.yaml: 2 cases, 1 failed", ""])
  })

  it("writes problems with file and line", () => {
    expect(renderPolicyTest(run("\n  - {name: a, colour: red, expect: {outcome: promote}}"))).toBe(
      "cases.yaml:4: cases[0].colour: unknown key\ncases.yaml: 1 problem, no case was run\n",
    )
  })
})
