// What a new verdict says that the last did not, and since when.
import { describe, expect, it } from "vitest"
import { compareSnapshots } from "../../../core/monitor/compare-snapshots.js"
import { findingKey, type Snapshot, snapshotOf, type WatchedFinding } from "../../../core/monitor/snapshot.js"
import type { Verdict } from "../../../core/policy/verdict/verdict.js"

const [then, later, now] = ["2026-11-01T00:00:00Z", "2026-11-10T00:00:00Z", "2026-11-26T00:00:00Z"]
const finding = (id: string, more: Partial<WatchedFinding> = {}): WatchedFinding => ({
  ...{ id, package: "pkg:npm/lodash@4", severity: "HIGH", judgement: "blocking", platforms: ["linux/amd64"] },
  ...more,
})
const snapshot = (
  evaluatedAt: string,
  findings: readonly WatchedFinding[],
  more: Partial<Snapshot> = {},
): Snapshot => ({
  ...{ outcome: "blocked", passed: false, evaluatedAt, reasons: ["FINDINGS"], findings },
  ...more,
})

describe("two verdicts on one image", () => {
  it("are the same when they decide the same by the same findings, whenever they were made", () => {
    const { changed, appeared } = compareSnapshots(
      snapshot(then, [finding("CVE-1")]),
      snapshot(now, [finding("CVE-1")]),
    )
    expect([changed, appeared]).toEqual([false, []])
  })

  it("differ by a finding that came, first seen now, and by one that went", () => {
    const before = snapshot(then, [finding("CVE-1"), finding("CVE-2")])
    const after = snapshot(now, [finding("CVE-1"), finding("CVE-3", { fixedIn: "4.17.21" })])
    const compared = compareSnapshots(before, after)
    expect(compared.changed).toBe(true)
    expect(compared.appeared).toEqual([finding("CVE-3", { fixedIn: "4.17.21", firstSeen: now } as never)])
    expect(compared.gone.map(({ id }) => id)).toEqual(["CVE-2"])
    expect(compared.findings.find(({ id }) => id === "CVE-1")).toMatchObject({ firstSeen: then, atLatest: true })
  })

  it.each([
    ["judged differently", { judgement: "excepted" }],
    ["fixed at last", { fixedIn: "5" }],
    ["on another platform too", { platforms: ["linux/amd64", "linux/arm64"] }],
    ["worse", { severity: "CRITICAL" }],
  ] as const)("differ by a finding that is %s", (_how, more) => {
    const compared = compareSnapshots(snapshot(then, [finding("CVE-1")]), snapshot(now, [finding("CVE-1", more)]))
    expect(compared).toMatchObject({ changed: true, appeared: [], gone: [], altered: [{ id: "CVE-1", ...more }] })
    expect(compared.altered[0]?.before.judgement).toBe("blocking")
  })

  it("do not differ by what is below the threshold, until it is above", () => {
    const low = finding("CVE-9", { judgement: "below-threshold", severity: "LOW" })
    expect(compareSnapshots(snapshot(then, []), snapshot(now, [low])).changed).toBe(false)
    expect(compareSnapshots(snapshot(then, [low]), snapshot(now, [])).changed).toBe(false)
    const raised = compareSnapshots(snapshot(then, [low]), snapshot(now, [finding("CVE-9")]))
    expect(raised.altered).toMatchObject([
      { firstSeen: then, atLatest: true, before: { judgement: "below-threshold" } },
    ])
  })

  it("differ by the outcome and by the reasons alone", () => {
    const passed = snapshot(now, [], { outcome: "promote", passed: true, reasons: [] })
    expect(compareSnapshots(snapshot(then, []), passed).changed).toBe(true)
    const stale = snapshot(now, [], { reasons: ["DATABASE_STALE"] })
    expect(compareSnapshots(snapshot(then, []), stale).changed).toBe(true)
  })

  it("keep the time of the first sight that earlier results know", () => {
    const sights = new Map([[findingKey(finding("CVE-1")), { firstSeen: later }]])
    const { findings } = compareSnapshots(snapshot(then, []), snapshot(now, [finding("CVE-1")]), sights)
    expect(findings).toMatchObject([{ firstSeen: later }])
  })

  it("are a change when there was none before, and nobody knows since when", () => {
    const { changed, appeared } = compareSnapshots(undefined, snapshot(now, [finding("CVE-1")]))
    expect([changed, appeared[0]?.firstSeen, appeared[0]?.atLatest]).toEqual([true, now, true])
  })
})

describe("what is watched of a verdict", () => {
  it("has a finding of several platforms once, judged by the one that is furthest from passing", () => {
    const one = (platform: string, judgement: string) =>
      ({ id: "CVE-1", purl: "", package: "a", version: "1", severity: "HIGH", platform, judgement }) as never
    const findings = [one("linux/arm64", "excepted"), one("linux/amd64", "blocking")]
    const reasons = [
      { code: "FINDINGS", effect: "block", message: "" },
      { code: "OVERRIDE", effect: "report", message: "" },
    ]
    const verdict = { outcome: "blocked", passed: false, evaluatedAt: now, findings, reasons } as unknown as Verdict
    expect(snapshotOf(verdict)).toEqual({
      ...{ outcome: "blocked", passed: false, evaluatedAt: now, reasons: ["FINDINGS"] },
      findings: [finding("CVE-1", { package: "a@1", platforms: ["linux/amd64", "linux/arm64"] })],
    })
  })
})
