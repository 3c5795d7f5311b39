// Feeds of exploitation on their way to a verdict: over HTTP and as files, the way the module reads them, about what
// Trivy found. What can go wrong: a medium vulnerability that is exploited passes for medium; an old, cut or missing
// list passes for "not in the list"; a feed is asked that nobody wanted.
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Policy } from "../../core/policy/document/policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { riskFeeds } from "../../dagger/session/risk-feeds.js"
import { fixture } from "../core/oci/fixture.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { serve } from "../rest/loopback.js"
import { anImage } from "../support/build-image.js"
import { aPolicy } from "../support/build-policy.js"
import { openVex } from "../support/build-vex.js"
import { gateImage, type GateOptions, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

// Two MEDIUM findings, below the threshold of the default policy.
const packages = ["pkg:pypi/requests@2.25.1"]
const [listed, unlisted] = ["CVE-2023-32681", "CVE-2024-35195"]
const strict = aPolicy({}, { "known-exploited": "block", epss: { threshold: 0.5, effect: "block" } })
const onlyCatalog = aPolicy({}, { "known-exploited": "block" })
const onlyScores = aPolicy({}, { epss: { threshold: 0.5 } })
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 60 * 60 * 1000).toISOString()

function catalog(ids: readonly string[], { released = hoursAgo(5), count = ids.length } = {}) {
  const rows = ids.map((cveID) => ({
    cveID,
    dateAdded: "2026-01-02",
    dueDate: "2026-01-23",
    knownRansomwareCampaignUse: "Known",
  }))
  return { title: "Catalog", catalogVersion: "2026.01.02", dateReleased: released, count, vulnerabilities: rows }
}

function scores(rows: Readonly<Record<string, number>>, date = hoursAgo(5)): string {
  const lines = Object.entries(rows).map(([id, score]) => `${id},${score},0.9\n`)
  return `#model_version:v2025.03.14,score_date:${date.replace(/\.\d+Z$/, "+0000")}\ncve,epss,percentile\n${lines.join("")}`
}

type Feeds = Parameters<typeof riskFeeds>[0]
/** The part of a Dagger file that feeds need. */
const file = (fileName: string, text: string) => {
  const [contents, name] = [() => Promise.resolve(text), () => Promise.resolve(fileName)]
  return { file: { contents, name } } as Feeds["epss"]
}
const recorded = (name: string) => fixture(`risk/${name}`).toString()
/** What is told beside the SBOM, which nobody signed here. */
const told = (verdict: Verdict) => codesOf(verdict, "report").filter((code) => code !== "EVIDENCE_UNSIGNED")

describe("risk feeds", () => {
  let at: TestRegistry
  beforeAll(async () => {
    at = await startRegistry("api")
    await pushImage(at.url, "quarantine/app", "1", anImage({ sbom: "cyclonedx", packages }))
  })
  afterAll(() => at.stop())

  const judge = async (policy: Policy, feeds: Partial<Feeds>, more: GateOptions = {}) => {
    const given = riskFeeds({ knownExploited: {}, epss: {}, ...feeds } as Feeds)
    return gateImage(refer(at, "quarantine/app:1"), { policy, feeds: given, ...more })
  }
  const fresh = async (known: readonly string[], likely: Readonly<Record<string, number>>) => {
    const [kev, epss] = [await serve({ body: catalog(known) }), await serve({ body: gzipSync(scores(likely)) })]
    return { knownExploited: { url: `${kev.url}/kev.json` }, epss: { url: `${epss.url}/epss.csv.gz` } }
  }

  it("let an image pass that is in none of them", async () => {
    const feeds = await fresh(["CVE-2020-0001"], { [listed]: 0.49, [unlisted]: 0.01 })
    const { verdict } = await judge(strict, feeds)
    expect(verdict).toMatchObject({ outcome: "promote", remaining: [], riskFeeds: [{ entries: 1 }, { entries: 2 }] })
    expect(told(verdict)).toEqual([])
  })

  it("block a medium vulnerability that is exploited, with its date, and not its neighbour", async () => {
    const { assessment, verdict } = await judge(strict, await fresh([listed, "CVE-2020-0001"], { [listed]: 0.01 }))
    expect(verdict).toMatchObject({ outcome: "blocked", remaining: [listed] })
    expect(codesOf(verdict, "block")).toEqual(["KNOWN_EXPLOITED"])
    expect(messageOf(verdict, "KNOWN_EXPLOITED")).toContain(`${listed} (due 2026-01-23, used by ransomware)`)
    expect(assessment.risk?.knownExploited?.entries.map(({ id }) => id)).toEqual([listed])
    const stored = JSON.parse(JSON.stringify(assessment)) as typeof assessment
    expect(evaluate(stored, strict, { now: new Date(verdict.evaluatedAt) })).toEqual(verdict)
  })

  it("block one that is likely to be exploited, at the threshold and above, and only report it where that is asked", async () => {
    const feeds = await fresh(["CVE-2020-0001"], { [listed]: 0.49, [unlisted]: 0.5 })
    const { assessment, verdict } = await judge(strict, feeds)
    expect(verdict).toMatchObject({ outcome: "blocked", remaining: [unlisted] })
    expect(messageOf(verdict, "EXPLOIT_LIKELY")).toContain(`${unlisted} (EPSS 0.5)`)
    const report = aPolicy({}, { "known-exploited": "block", epss: { threshold: 0.5, effect: "report" } })
    const later = evaluate(assessment, report, { now: new Date() })
    expect([later.outcome, ...told(later)]).toEqual(["promote", "EXPLOIT_LIKELY"])
  })

  it("tell of an exploited vulnerability that VEX moved aside", async () => {
    const { predicate } = openVex(packages[0] ?? "", { cve: listed, subcomponents: [] })
    const vex = [{ name: "vex.json", text: JSON.stringify(predicate) }]
    const { verdict } = await judge(strict, await fresh([listed], { [unlisted]: 0.01 }), { vex })
    expect(verdict.outcome).toBe("promote")
    expect(told(verdict)).toEqual(["KNOWN_EXPLOITED"])
    expect(messageOf(verdict, "KNOWN_EXPLOITED")).toContain(`${listed} (suppressed; due 2026-01-23`)
  })

  it.each([
    ["catalogue", onlyCatalog, { body: catalog(["CVE-2020-0001"], { released: hoursAgo(80) }) }, "known-exploited"],
    ["scores", onlyScores, { body: scores({ [listed]: 0.01 }, hoursAgo(80)) }, "epss"],
    [
      "catalogue of tomorrow",
      onlyCatalog,
      { body: catalog(["CVE-2020-0001"], { released: hoursAgo(-24) }) },
      "date of the past",
    ],
  ])("block when they are stale: a %s, unless the policy only reports that", async (_, policy, answer, text) => {
    const { url } = await serve(answer)
    const { assessment, verdict } = await judge(policy, { knownExploited: { url }, epss: { url } })
    expect(codesOf(verdict, "block")).toEqual(["RISK_FEED_STALE"])
    expect(messageOf(verdict, "RISK_FEED_STALE")).toContain(text)
    const lenient = { ...policy, riskFeeds: { ...policy.riskFeeds, stale: "report" as const } }
    const later = evaluate(assessment, lenient, { now: new Date() })
    expect([later.outcome, ...told(later)]).toEqual(["promote", "RISK_FEED_STALE"])
  })

  it.each([
    ["not there", { status: 404, body: "no such file" }, "answered 404"],
    ["a page instead of a catalogue", { body: "<html>busy</html>" }, "is not JSON"],
    ["cut short", { body: catalog([listed], { count: 1400 }) }, "says that it has 1400 entries and has 1"],
    ["empty", { body: catalog([]) }, "count"],
  ])("block when they are missing: %s, unless the policy only reports that", async (_, answer, text) => {
    const { url } = await serve(answer)
    const { assessment, verdict } = await judge(onlyCatalog, {
      knownExploited: { url: `${url}/kev.json?token=s3cr3t` },
    })
    expect(codesOf(verdict, "block")).toEqual(["RISK_FEED_MISSING"])
    expect(messageOf(verdict, "RISK_FEED_MISSING")).toContain(text)
    expect(JSON.stringify(assessment)).not.toContain("s3cr3t")
    const lenient = { ...onlyCatalog, riskFeeds: { ...onlyCatalog.riskFeeds, missing: "report" as const } }
    const later = evaluate(assessment, lenient, { now: new Date() })
    expect([later.outcome, ...told(later)]).toEqual(["promote", "RISK_FEED_MISSING"])
  })

  it("block when nobody looked at all", async () => {
    const { verdict } = await gateImage(refer(at, "quarantine/app:1"), { policy: strict })
    expect(codesOf(verdict, "block")).toEqual(["RISK_FEED_MISSING", "RISK_FEED_MISSING"])
    expect(messageOf(verdict, "RISK_FEED_MISSING")).toContain("nobody looked")
  })

  it("are read from files as they were published: scores of 2025 are stale, and a catalogue that was cut is missing", async () => {
    const { csv } = JSON.parse(recorded("epss-2025-02-20-sample.json")) as { csv: string }
    const knownExploited = file("kev.json", recorded("kev-valid-catalog.json"))
    const { verdict } = await judge(strict, { knownExploited, epss: file("epss.csv", csv) })
    expect(codesOf(verdict, "block")).toEqual(["RISK_FEED_MISSING", "RISK_FEED_STALE"])
    expect(messageOf(verdict, "RISK_FEED_MISSING")).toContain("vulnerabilities of kev.json is incomplete")
    expect(messageOf(verdict, "RISK_FEED_STALE")).toContain("the feed epss of 2025-02-20T00:00:00.000Z")
    expect(verdict.riskFeeds?.map(({ source }) => source)).toEqual(["epss.csv"])
  })

  it("are not asked when the policy does not want them", async () => {
    const kev = await serve({ body: catalog([listed]) })
    const { assessment, verdict } = await judge(aPolicy(), { knownExploited: { url: kev.url }, epss: { url: kev.url } })
    expect({ outcome: verdict.outcome, risk: assessment.risk, asked: kev.asked }).toEqual({
      outcome: "promote",
      risk: undefined,
      asked: [],
    })
  })
})
