// A fleet's result with those of its runs as one report, in all formats.
import { describe, expect, it } from "vitest"
import { fleetDocument } from "../../../core/fleet/document/fleet-document.js"
import { readEarlier, readResults } from "../../../core/report/read-results.js"
import { reportDocuments } from "../../../core/report/report-documents.js"
import { aDigest } from "../oci/fixture.js"
import { blocked, generatedAt, passing } from "./report-world.js"

const digest = aDigest("one")
const json = (value: unknown) => JSON.stringify(value)
const mirrored = (tag: string, outcome: string) => ({
  ...{ kind: "mirror", source: `docker.io/app:${tag}`, target: `q.example/app:${tag}`, outcome, digest },
})
const promoted = (tag: string, outcome: string) => ({
  ...{ kind: "promotion", source: `q.example/app:${tag}`, target: `g.example/app:${tag}`, outcome, digest },
})
const why = "[REGISTRY_UNREACHABLE] no route"
const none = {
  kind: "mirror",
  source: "docker.io/none",
  target: "q.example/none",
  outcome: "nothing-matched",
  why: "3*",
}
const document = fleetDocument({
  schema: "https://cssc.dev/fleet/v1",
  config: { source: "cssc.yaml", digest, entries: 1, policy: digest },
  entries: [{ ...none, listed: 5, images: 0 }],
  images: [
    ...[mirrored("good", "copied"), mirrored("bad", "copied"), mirrored("old", "unchanged")],
    ...[{ ...mirrored("gone", "failed"), why }, mirrored("alone", "copied")],
    ...[
      promoted("good", "promote"),
      { ...promoted("bad", blocked.outcome), why: "1 vulnerability" },
      promoted("old", "unchanged"),
    ],
    ...[promoted("gone", "not-there"), promoted("odd", "unknown-age")],
  ],
  requests: {},
})
const promotion = (tag: string, image: typeof passing) => ({
  ...{ schema: "https://cssc.dev/promotion/v1", tag, outcome: image.outcome, verdict: image.verdict },
  ...{ source: `q.example/app:${tag}`, target: `g.example/app:${tag}`, digest: image.digest },
})
const run = json({
  ...{ schema: "https://cssc.dev/run/v1", source: "q.example/app", target: "g.example/app" },
  tags: [promotion("good", passing), promotion("bad", blocked)],
})
const nothing = new Map<string, string>()
const runs = [{ result: run, assessments: new Map([["bad", json(blocked.assessment)]]) }]
const read = (given = runs) => readResults({ result: json(document), assessments: nothing, runs: given })

describe("a fleet's results", () => {
  it("are all its promotions with their verdicts, and what failed before", () => {
    const { kind, title, images } = read()
    expect([kind, title]).toEqual(["fleet", "cssc.yaml"])
    expect(images.map(({ name, outcome, verdict }) => [name, outcome, verdict !== undefined])).toEqual([
      ["q.example/app:bad", blocked.outcome, true],
      ["q.example/app:good", "promote", true],
      ["q.example/app:odd", "failed", false],
      ["q.example/app:old", "unchanged", false],
      ["docker.io/app:gone", "failed", false],
      ["docker.io/none", "failed", false],
    ])
    expect(images[0]?.assessment).toEqual(blocked.assessment)
    expect(images.map(({ note }) => note)).toEqual(expect.arrayContaining([why, "nothing-matched: 3*"]))
  })

  it("show how many were acquired, judged, passed and promoted over the whole fleet", () => {
    const { "report.html": html } = reportDocuments({ ...read(), generatedAt })
    expect(html).toContain("Run of a fleet")
    expect(html).toContain("acquired: 5; judged: 3; passed: 2; promoted: 2")
  })

  it("are in SARIF, JUnit, GitLab's format and VEX too", () => {
    const documents = reportDocuments({ ...read(), generatedAt })
    expect(documents["results.sarif"]).toContain("CVE-2026-1")
    expect(documents["junit.xml"]).toContain("no route")
    expect(documents["gl-container-scanning-report.json"]).toContain("CVE-2026-1")
    expect(documents["vex.cdx.json"]).toContain("CVE-2026-1")
  })

  it("whose runs are not beside say what became of each, without a verdict", () => {
    const { images } = read([])
    expect(images.map(({ outcome }) => outcome)).toContain(blocked.outcome)
    expect(images.every(({ verdict }) => verdict === undefined)).toBe(true)
  })

  it("are one point of the trend, by the time of their runs", () => {
    const at = blocked.verdict?.evaluatedAt
    expect(readEarlier("monday/result.json", json(document), [run])).toMatchObject({ of: "images", at, promoted: 2 })
    expect(readEarlier("monday/result.json", json(document))).toBeUndefined()
  })

  it("that are malformed are refused", () => {
    const broken = json({ ...document, failures: undefined })
    expect(() => readResults({ result: broken, assessments: nothing })).toThrow(/REPORT_INVALID.*failures/)
    const silenced = json({ ...document, failures: [], passed: true })
    expect(() => readResults({ result: silenced, assessments: nothing })).toThrow(/result\.json contradicts itself/)
    expect(() => readEarlier("monday/result.json", silenced)).toThrow(/monday\/result\.json contradicts itself/)
    const other = json({ ...JSON.parse(run), tags: [promotion("bad", passing)] })
    expect(() => read([{ result: other, assessments: nothing }])).toThrow(
      /app:bad is promote in its run and blocked-missing-sbom in/,
    )
    expect(() => read([{ result: "{", assessments: nothing }])).toThrow(/REPORT_INVALID.*a run of the fleet/)
  })
})
