// Exported results as they are written are read again into the same report; what is not ours is refused by name.
import { describe, expect, it } from "vitest"
import { runResult } from "../../../core/promote/run-result.js"
import { readEarlier, readResults } from "../../../core/report/read-results.js"
import { goldenInventory } from "../../browser/pictured.js"
import { now } from "../policy/build-assessment.js"
import { blocked, passing } from "./report-world.js"

const none = new Map<string, string>()
const json = (value: unknown) => JSON.stringify(value)
const promotion = {
  ...{ schema: "https://cssc.dev/promotion/v1", outcome: "promote", verdict: passing.verdict, digest: passing.digest },
  ...{ source: "quarantine.example/app:1@sha256:x", target: "golden.example/app:1" },
}
const run = {
  ...{ schema: "https://cssc.dev/run/v1", source: "quarantine.example/app", target: "golden.example/app" },
  tags: [
    { ...promotion, tag: "1" },
    { ...promotion, tag: "2", outcome: "blocked", verdict: blocked.verdict },
    { tag: "3", outcome: "failed", error: "[REGISTRY_UNREACHABLE] no route" },
  ],
}

describe("exported results", () => {
  it("of a gate are its verdict and assessment", () => {
    const texts = { verdict: json(blocked.verdict), assessments: new Map([["", json(blocked.assessment)]]) }
    const { images, kind } = readResults(texts)
    expect(kind).toBe("gate")
    expect(images[0]).toMatchObject({
      outcome: blocked.outcome,
      verdict: blocked.verdict,
      assessment: blocked.assessment,
    })
  })

  it("of a promotion name the image by its tag, and where it went", () => {
    const { images, kind } = readResults({ result: json(promotion), assessments: none })
    expect(kind).toBe("promotion")
    expect(images).toMatchObject([
      { name: "quarantine.example/app:1", target: "golden.example/app:1", outcome: "promote" },
    ])
  })

  it("of a run have all its tags, also those that failed", () => {
    const { images, title } = readResults({
      result: json(run),
      assessments: new Map([["2", json(blocked.assessment)]]),
    })
    expect(title).toBe("quarantine.example/app")
    expect(images.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["quarantine.example/app:1", "promote"],
      ["quarantine.example/app:2", "blocked"],
      ["quarantine.example/app:3", "failed"],
    ])
    expect(images[1]?.assessment).toEqual(blocked.assessment)
    expect(images[2]?.note).toContain("no route")
  })

  it("are what a run writes: its document is read back", () => {
    const request = { source: "quarantine.example/app", target: "golden.example/app", dryRun: false }
    const { document } = runResult(request, [{ tag: "9", error: "[X] y" }], undefined)
    expect(readResults({ result: json(document), assessments: none }).images).toMatchObject([{ outcome: "failed" }])
  })

  it("that are not ours, or malformed, are refused", () => {
    expect(() => readResults({ assessments: none })).toThrow(/REPORT_INVALID.*neither result\.json nor verdict\.json/)
    expect(() => readResults({ result: "{", assessments: none })).toThrow("REPORT_INVALID")
    expect(() => readResults({ result: json({ ...promotion, outcome: "fine" }), assessments: none })).toThrow("outcome")
    expect(() => readResults({ result: json({ ...promotion, verdict: {} }), assessments: none })).toThrow(
      "REPORT_INVALID",
    )
  })
})

describe("an exported inventory", () => {
  const inventory = { schema: "https://cssc.dev/inventory/v1", ...goldenInventory.inventory }

  it("is a page of its own, or stands beside what it is passed with", () => {
    const alone = readResults({ result: json(inventory), assessments: none })
    expect(alone).toMatchObject({ kind: "inventory", title: "ghcr.io/acme/golden/python", images: [] })
    const beside = readResults({ result: json(run), inventory: json(inventory), assessments: none })
    expect(beside.kind).toBe("run")
    expect(beside.inventory?.rows).toEqual(JSON.parse(json(inventory.rows)))
  })

  it("is a point of the trend, at the time it was looked at", () => {
    expect(readEarlier("result.json", json(inventory))).toEqual({
      ...{ of: "inventory", at: now.toISOString(), promoted: 3, blocked: 2, failed: 1, blocking: 0 },
    })
  })

  it("that is malformed is refused with the path of what is wrong", () => {
    const bad = { ...inventory, rows: [{ tag: "1", state: "fine", problems: [] }] }
    expect(() => readResults({ result: json(bad), assessments: none })).toThrow(/REPORT_INVALID.*rows.*state/)
    expect(() => readResults({ result: json(run), inventory: json(run), assessments: none })).toThrow("REPORT_INVALID")
  })
})

describe("an earlier result", () => {
  it("is a point of the trend, at the time of its newest verdict", () => {
    const point = readEarlier("monday/result.json", json(run))
    expect(point).toEqual({
      ...{ of: "images", at: now.toISOString(), promoted: 1, blocked: 1, failed: 1 },
      blocking: blocked.verdict?.remaining.length,
    })
    expect(readEarlier("verdict.json", json(passing.verdict))).toMatchObject({ promoted: 1, blocked: 0 })
  })

  it("has no time when nothing was judged", () => {
    expect(readEarlier("result.json", json({ ...run, tags: run.tags.slice(2) }))).toBeUndefined()
  })
})
