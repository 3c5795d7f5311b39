// What can go wrong: a feed that is cut short, empty, or something else altogether passes for "nothing is exploited".
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { maxEpssBytes } from "../../../core/findings/risk/risk-epss.js"
import { readEpss, readKnownExploited, selectRisk } from "../../../core/findings/risk/risk-feeds.js"
import { digestOf } from "../../../core/oci/digest.js"

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/risk/${name}`, import.meta.url), "utf8")
const row = (name: string) => JSON.parse(fixture(name)).item as Record<string, unknown>
const aCatalog = (more: object = {}) => ({
  catalogVersion: "2025.02.19",
  dateReleased: "2025-02-19T14:08:44.5021Z",
  count: 2,
  vulnerabilities: [row("kev-cve-2025-0282.json"), row("kev-cve-2020-15415.json")],
  ...more,
})
const { csv } = JSON.parse(fixture("epss-2025-02-20-sample.json")) as { csv: string }
const anAnswer = (...names: string[]) => ({ status: "OK", total: names.length, data: names.map(row) })

describe("readKnownExploited", () => {
  it("reads CISA's rows with due date and ransomware", () => {
    const text = JSON.stringify(aCatalog())
    const { feed, entries } = readKnownExploited(text, "kev.json")
    expect(feed).toEqual({ source: "kev.json", digest: digestOf(text), date: "2025-02-19T14:08:44.502Z", entries: 2 })
    expect(entries.get("CVE-2025-0282")).toEqual({
      id: "CVE-2025-0282",
      dateAdded: "2025-01-08",
      dueDate: "2025-01-15",
      ransomware: true,
    })
    expect(entries.get("CVE-2020-15415")?.ransomware).toBe(false)
  })

  it("refuses a catalogue that was cut short: the sample has 3 of its 1273 entries", () => {
    const cut = () => readKnownExploited(fixture("kev-valid-catalog.json"), "kev.json")
    expect(cut).toThrow("[REPORT_INVALID]")
    expect(cut).toThrow("says that it has 1273 entries and has 3")
  })

  it.each<[string, string]>([
    ["nothing", ""],
    ["a web page", "<html>blocked</html>"],
    ["another document", JSON.stringify({ vulnerabilities: [] })],
    ["an empty catalogue", JSON.stringify(aCatalog({ count: 0, vulnerabilities: [] }))],
    ["a catalogue without a date", JSON.stringify(aCatalog({ dateReleased: "recently" }))],
    ["a date in the year 10000", JSON.stringify(aCatalog({ dateReleased: "9999-12-31T23:59:59-23:59" }))],
    ["a row without an id", JSON.stringify(aCatalog({ count: 1, vulnerabilities: [{ dateAdded: "2025-01-08" }] }))],
  ])("refuses %s", (_, text) => {
    expect(() => readKnownExploited(text, "kev.json")).toThrow(/^\[REPORT_INVALID] the feed of known exploited vuln/)
  })
})

describe("readEpss", () => {
  it("reads the published CSV", () => {
    const { feed, scores } = readEpss(csv, "epss.csv")
    expect(feed).toEqual({ source: "epss.csv", digest: digestOf(csv), date: "2025-02-20T00:00:00.000Z", entries: 5 })
    expect(scores.get("CVE-1999-0005")).toEqual({ id: "CVE-1999-0005", score: 0.91963, percentile: 0.99214 })
  })

  it("reads the dates of newer models, and line ends of another system", () => {
    const newer = csv.replace(/^#.*/, "#model_version:v2025.03.14,score_date:2025-06-01T12:55:00Z")
    expect(readEpss(newer.replaceAll("\n", "\r\n"), "epss.csv").feed.date).toBe("2025-06-01T12:55:00.000Z")
  })

  it("reads the API's answer, whose date is that of its oldest score", () => {
    const answer = anAnswer("epss-cve-2025-0282.json", "epss-cve-2020-15415.json")
    const texts = {
      ...answer,
      data: [
        { ...answer.data[0], epss: "0.94120" },
        { ...answer.data[1], date: "2026-02-20" },
      ],
    }
    const { feed, scores } = readEpss(JSON.stringify(texts), "epss.json")
    expect(feed).toMatchObject({ date: "2026-02-20T00:00:00.000Z", entries: 2 })
    expect(scores.get("CVE-2025-0282")).toEqual({ id: "CVE-2025-0282", score: 0.9412, percentile: 0.99907 })
  })

  it.each<[string, string, RegExp]>([
    ["a row that is cut off", csv.slice(0, -4), /cut short/],
    ["a date in the year 10000", csv.replace(/score_date:\S+/, "score_date:9999-12-31T23:59:59-2359"), /line 1/],
    ["a file without rows", csv.split("\n").slice(0, 2).join("\n") + "\n", /there is no row/],
    ["a file without a date", csv.replace(/^#.*\n/, ""), /line 1 is not #model_version/],
    ["other columns", csv.replace("cve,epss,percentile", "cve,percentile,epss"), /line 2 is not cve,epss,percentile/],
    ["a score above 1", csv.replace("0.00383", "1.5"), /line 3 is not a CVE/],
    ["a score that is none", csv.replace("0.00383", "NaN"), /line 3 is not a CVE/],
    ["nothing", "", /line 1.*line 2.*there is no row/],
    [
      "one page of many",
      JSON.stringify({ ...anAnswer("epss-cve-2025-0282.json"), total: 300000 }),
      /one page of 1 of 300000/,
    ],
    ["an answer without scores", JSON.stringify({ total: 0, data: [] }), /data/],
  ])("refuses %s", (_, text, message) => {
    expect(() => readEpss(text, "epss")).toThrow(/^\[REPORT_INVALID] the EPSS feed of epss is malformed/)
    expect(() => readEpss(text, "epss")).toThrow(message)
  })

  it("lists several problems and counts the rest, and refuses what is too large", () => {
    const bad = `${csv}${"x\n".repeat(20)}`
    expect(() => readEpss(bad, "epss")).toThrow(/line 8 is.*; and 10 more$/)
    expect(() => readEpss("#".repeat(maxEpssBytes + 1), "epss")).toThrow("[LIMIT_EXCEEDED]")
  })
})

describe("selectRisk", () => {
  it("keeps only what is about the image, by id or alias, whatever the order", () => {
    const knownExploited = readKnownExploited(JSON.stringify(aCatalog()), "kev.json")
    const epss = readEpss(csv, "epss.csv")
    const findings = [
      { id: "GHSA-aaaa-bbbb-cccc", aliases: ["cve-2025-0282"] },
      { id: "CVE-1999-0005", aliases: [] },
      { id: "CVE-1999-0005", aliases: [] },
      { id: "CVE-2099-1", aliases: [] },
    ]
    const risk = selectRisk({ knownExploited, epss }, findings)
    expect(risk.knownExploited?.entries.map(({ id }) => id)).toEqual(["CVE-2025-0282"])
    expect(risk.epss?.scores.map(({ id }) => id)).toEqual(["CVE-1999-0005"])
    expect(risk.epss?.feed.entries).toBe(5)
    expect(selectRisk({ knownExploited, epss }, findings.toReversed())).toEqual(risk)
  })

  it("keeps why a feed is not there", () => {
    const problems = [{ feed: "epss" as const, message: "no route" }]
    expect(selectRisk({ problems }, [])).toEqual({ problems })
  })
})
