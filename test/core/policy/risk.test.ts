// What can go wrong: an exploited vulnerability passes because its severity is low, because no fix is known, because it
// is known under another name, or because the feed was old, empty or not there.
import { describe, expect, it } from "vitest"
import type { Finding } from "../../../core/findings/finding.js"
import type { RiskData } from "../../../core/findings/risk/risk.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { aFinding, anAssessment, codesOf, messageOf, now, withFindings } from "./build-assessment.js"

const feed = { source: "feed", digest: digestOf("feed"), date: "2026-06-15T00:00:00Z", entries: 1400 }
const exploited = { id: "CVE-2025-0282", dateAdded: "2025-01-08", dueDate: "2025-01-15", ransomware: true }
const aRisk = (more: Partial<RiskData> = {}): RiskData => ({
  knownExploited: { feed, entries: [exploited] },
  epss: { feed, scores: [{ id: "CVE-2025-0282", score: 0.9412, percentile: 0.99907 }] },
  problems: [],
  ...more,
})
const low = (more: Partial<Finding> = {}) => aFinding({ id: "CVE-2025-0282", severity: "LOW", ...more })
const judge = (yaml: string, finding = low(), risk: RiskData | undefined = aRisk()) =>
  evaluate(
    anAssessment([withFindings("linux/amd64", finding)], risk === undefined ? {} : { risk }),
    parsePolicy(`version: 1\n${yaml}`),
    { now },
  )

describe("a known exploited vulnerability", () => {
  it("blocks at any severity, with its due date, and is no finding at the threshold", () => {
    const verdict = judge("known-exploited: block")
    expect(verdict).toMatchObject({ outcome: "blocked", remaining: ["CVE-2025-0282"], riskFeeds: [feed, feed] })
    expect(codesOf(verdict, "block")).toEqual(["KNOWN_EXPLOITED"])
    expect(messageOf(verdict, "KNOWN_EXPLOITED")).toBe(
      "linux/amd64: 1 vulnerability known to be exploited: CVE-2025-0282 (due 2025-01-15, used by ransomware)",
    )
  })

  it.each<[string, Partial<Finding>, string]>([
    ["without a fix under fixable-only", {}, "fixable-only: true"],
    ["of unknown severity", { severity: "UNKNOWN" }, "unknown-severity: report"],
    ["under another id", { id: "GHSA-aaaa-bbbb-cccc", aliases: ["cve-2025-0282"] }, ""],
  ])("blocks %s", (_, more, yaml) => {
    const verdict = judge(`known-exploited: block\n${yaml}`, low(more))
    expect(codesOf(verdict, "block")).toEqual(["KNOWN_EXPLOITED"])
    expect(verdict.findings).toMatchObject([{ judgement: "blocking" }])
  })

  it("is only told when the policy says so", () => {
    const verdict = judge("known-exploited: report")
    expect(verdict).toMatchObject({ passed: true, findings: [{ judgement: "below-threshold" }] })
    expect(codesOf(verdict, "report")).toEqual(["KNOWN_EXPLOITED"])
  })

  it("is nobody's business when the policy does not ask", () => {
    expect(judge("severity: HIGH").reasons).toEqual([])
  })

  it("can be accepted by an exception that names it, and is still told", () => {
    const verdict = judge("known-exploited: block\nexceptions: [{id: CVE-2025-0282, reason: r}]")
    expect(verdict).toMatchObject({ passed: true, excepted: ["CVE-2025-0282"] })
    expect(messageOf(verdict, "KNOWN_EXPLOITED")).toContain("CVE-2025-0282 (excepted; due 2025-01-15")
  })

  it("can be overridden only when it is named", () => {
    const policy = parsePolicy("version: 1\nknown-exploited: block")
    const assessment = anAssessment([withFindings("linux/amd64", low(), aFinding())], { risk: aRisk() })
    const override = {
      digest: assessment.image.digest,
      approver: "jane",
      reason: "r",
      reference: "i",
      cves: ["CVE-2026-1"],
      expires: "2026-06-20T00:00:00Z",
      grantedAt: "2026-06-15T00:00:00Z",
    }
    expect(evaluate(assessment, policy, { now, override }).remaining).toEqual(["CVE-2025-0282"])
    const both = { ...override, cves: ["CVE-2026-1", "CVE-2025-0282"] }
    expect(evaluate(assessment, policy, { now, override: both }).passed).toBe(true)
  })
})

describe("a likely exploit", () => {
  it.each([
    [0.9412, ["EXPLOIT_LIKELY"]],
    [0.94121, []],
    [0, ["EXPLOIT_LIKELY"]],
  ])("blocks at a threshold of %d or not", (threshold, codes) => {
    expect(codesOf(judge(`epss: {threshold: ${threshold}}`), "block")).toEqual(codes)
  })

  it("says its score", () => {
    expect(messageOf(judge("epss: {threshold: 0.5, effect: report}"), "EXPLOIT_LIKELY")).toBe(
      "linux/amd64: 1 vulnerability likely to be exploited (EPSS 0.5 or above): CVE-2025-0282 (EPSS 0.9412)",
    )
  })

  it("counts the highest score of all names, and none as none", () => {
    const scores = [
      { id: "CVE-2025-0282", score: 0.1, percentile: 0.1 },
      { id: "CVE-2025-9999", score: 0.8, percentile: 0.9 },
    ]
    const risk = aRisk({ epss: { feed, scores } })
    expect(judge("epss: {threshold: 0.5}", low({ aliases: ["CVE-2025-9999"] }), risk).passed).toBe(false)
    expect(judge("epss: {threshold: 0}", low({ id: "CVE-2000-1" }), risk).passed).toBe(true)
  })
})

describe("the feeds", () => {
  const both = "known-exploited: report\nepss: {threshold: 0.9, effect: report}"
  const nothing = aFinding({ severity: "LOW" })
  const at = (date: string) => ({ ...feed, date })

  it.each<[string, RiskData | undefined, string[]]>([
    ["nobody looked", undefined, ["RISK_FEED_MISSING", "RISK_FEED_MISSING"]],
    ["one is not there", { knownExploited: { feed, entries: [] }, problems: [] }, ["RISK_FEED_MISSING"]],
    ["one could not be read", aRisk({ problems: [{ feed: "epss", message: "no route" }] }), ["RISK_FEED_MISSING"]],
    ["one is empty", aRisk({ epss: { feed: { ...feed, entries: 0 }, scores: [] } }), ["RISK_FEED_MISSING"]],
    ["one is old", aRisk({ epss: { feed: at("2026-06-12T11:59:59Z"), scores: [] } }), ["RISK_FEED_STALE"]],
    ["one is from the future", aRisk({ epss: { feed: at("2026-06-15T13:00:01Z"), scores: [] } }), ["RISK_FEED_STALE"]],
    ["all are as old as allowed", aRisk({ epss: { feed: at("2026-06-12T12:00:00Z"), scores: [] } }), []],
  ])("leave it unassessed, unless the policy says otherwise, when %s", (_, risk, codes) => {
    const assessment = anAssessment([withFindings("linux/amd64", nothing)], risk === undefined ? {} : { risk })
    const verdict = evaluate(assessment, parsePolicy(`version: 1\n${both}`), { now })
    expect(codesOf(verdict, "block")).toEqual(codes)
    expect(verdict.outcome).toBe(codes.length === 0 ? "promote" : "unassessed")
    const told = parsePolicy(`version: 1\n${both}\nrisk-feeds: {stale: report, missing: report}`)
    expect(evaluate(assessment, told, { now }).passed).toBe(true)
  })

  it("say why one is missing", () => {
    const verdict = judge(both, nothing, aRisk({ problems: [{ feed: "epss", message: "no route" }] }))
    expect(messageOf(verdict, "RISK_FEED_MISSING")).toBe("the policy asks for the feed epss: no route")
  })
})
