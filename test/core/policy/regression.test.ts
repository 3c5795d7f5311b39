// What can go wrong: the new image is worse than the promoted one and passes, the comparison did not happen and passes
// for one that did, or a mere rebuild is called a regression.
import { describe, expect, it } from "vitest"
import type { PlatformAssessment, ScanResult } from "../../../core/findings/assessment.js"
import type { BaselinePlatform, BaselineResult } from "../../../core/findings/baseline.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { aFinding, anAssessment, aPlatform, aScan, codesOf, messageOf, now } from "./build-assessment.js"

const before = (platform: string, more: Partial<BaselinePlatform> = {}): BaselinePlatform => ({
  platform,
  digest: digestOf(`golden ${platform}`),
  os: "debian 13",
  findings: [],
  packages: ["pkg:deb/debian/bash"],
  ...more,
})
const compared = (...platforms: BaselinePlatform[]): BaselineResult => ({
  kind: "compared",
  baseline: { reference: "registry.example.com/golden/app:1", digest: digestOf("golden"), platforms },
})
const after = (platform: string, scan: Partial<ScanResult> = {}, more: Partial<PlatformAssessment> = {}) =>
  aPlatform(platform, { scan: aScan({ packageNames: ["pkg:deb/debian/bash"], ...scan }), ...more })
const judge = (
  platforms: readonly PlatformAssessment[],
  baseline: BaselineResult | undefined,
  yaml = "regression: block",
) =>
  evaluate(anAssessment(platforms, baseline === undefined ? {} : { baseline }), parsePolicy(`version: 1\n${yaml}`), {
    now,
  })
const bash = "pkg:deb/debian/bash"

describe("findings against the promoted image", () => {
  const image = [
    after("linux/amd64", {
      findings: [
        aFinding({ id: "CVE-2026-1", purl: `${bash}@5.1?arch=amd64` }),
        aFinding({ id: "CVE-2026-2", purl: `${bash}@5.1` }),
        aFinding({ id: "CVE-2026-3", severity: "LOW" }),
      ],
    }),
  ]
  const known = [
    { id: "CVE-2026-1", package: bash, severity: "HIGH" },
    { id: "CVE-2020-9", package: bash, severity: "HIGH" },
  ]
  const golden = compared(before("linux/amd64", { findings: known }))

  it("are listed at any severity as new, fixed and the same, whatever the version", () => {
    expect(judge(image, golden).regression).toEqual({
      baseline: "registry.example.com/golden/app:1",
      digest: digestOf("golden"),
      newFindings: [`CVE-2026-2 ${bash}`, `CVE-2026-3 ${bash}`],
      fixedFindings: [`CVE-2020-9 ${bash}`],
      sameFindings: 1,
      newPackages: [],
      removedPackages: [],
      droppedPlatforms: [],
    })
  })

  it("block when new ones count at the threshold", () => {
    const verdict = judge(image, golden, "regression: block")
    expect(codesOf(verdict, "block")).toEqual(["FINDINGS", "NEW_FINDINGS"])
    expect(messageOf(verdict, "NEW_FINDINGS")).toBe(
      `linux/amd64: 1 new finding that the promoted image does not have: CVE-2026-2 ${bash}`,
    )
  })

  it("do not block when somebody accepted them", () => {
    const yaml = "regression: block\nexceptions: [{id: CVE-2026-1, reason: r}, {id: CVE-2026-2, reason: r}]"
    expect(judge(image, golden, yaml).passed).toBe(true)
  })

  it("block when a new one has no fix, though fixable-only tolerates those that were there", () => {
    const yaml = "regression: block\nfixable-only: true"
    const verdict = judge(image, golden, yaml)
    expect(codesOf(verdict, "block")).toEqual(["NEW_FINDINGS"])
    const accepted = judge(image, golden, `${yaml}\nexceptions: [{id: CVE-2026-2, reason: looked at}]`)
    expect(accepted).toMatchObject({ passed: true, exceptions: [{ state: "used", uses: 1 }] })
  })

  it("are new on the platform that did not have them", () => {
    const finding = aFinding({ id: "CVE-2026-1" })
    const both = [after("linux/amd64", { findings: [finding] }), after("linux/arm64", { findings: [finding] })]
    const verdict = judge(both, compared(before("linux/amd64", { findings: known }), before("linux/arm64")))
    expect(verdict.reasons.filter(({ code }) => code === "NEW_FINDINGS").map(({ platform }) => platform)).toEqual([
      "linux/arm64",
    ])
  })

  it("of a platform that is new are compared with all that is promoted", () => {
    const finding = aFinding({ id: "CVE-2026-1" })
    const verdict = judge([after("linux/amd64"), after("linux/arm64", { findings: [finding] })], golden)
    expect(verdict.regression?.newFindings).toEqual([])
  })

  it("of a platform that is gone are not called fixed", () => {
    const verdict = judge(
      [after("linux/arm64")],
      compared(before("linux/amd64", { findings: known }), before("linux/arm64")),
    )
    expect(verdict.regression).toMatchObject({ fixedFindings: [], droppedPlatforms: ["linux/amd64"] })
  })
})

describe("the build against the promoted image", () => {
  it("is no regression when nothing changed", () => {
    expect(judge([after("linux/amd64")], compared(before("linux/amd64"))).reasons).toEqual([])
  })

  it("names new packages, told by default", () => {
    const image = [after("linux/amd64", { packageNames: [bash, "pkg:deb/debian/netcat"] })]
    expect(codesOf(judge(image, compared(before("linux/amd64"))), "block")).toEqual(["NEW_PACKAGES"])
    const told = judge(image, compared(before("linux/amd64")), "regression: {new-findings: block}")
    expect(told).toMatchObject({ passed: true, regression: { newPackages: ["pkg:deb/debian/netcat"] } })
  })

  it("says that nobody knows when a scan did not list its packages", () => {
    const { packages: _, ...unlisted } = before("linux/amd64")
    expect(messageOf(judge([after("linux/amd64")], compared(unlisted)), "NEW_PACKAGES")).toContain("nobody knows")
  })

  it("blocks when a platform is dropped, but not for another name of it", () => {
    const golden = compared(before("linux/amd64"), before("linux/arm64"))
    const verdict = judge([after("linux/amd64")], golden)
    expect(codesOf(verdict, "block")).toEqual(["PLATFORM_DROPPED"])
    expect(verdict.reasons[0]).toMatchObject({ platform: "linux/arm64" })
    expect(judge([after("linux/amd64"), after("linux/arm64/v8")], golden).passed).toBe(true)
  })

  it.each<[string, string[], (string | undefined)[], boolean]>([
    [
      "older on every platform",
      ["2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z"],
      ["2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"],
      true,
    ],
    [
      "newer on one",
      ["2026-05-01T00:00:00Z", "2026-06-02T00:00:00Z"],
      ["2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"],
      false,
    ],
    [
      "as old",
      ["2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"],
      ["2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"],
      false,
    ],
    [
      "reproducible, of the epoch",
      ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
      ["2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"],
      false,
    ],
    [
      "older where it is known",
      ["2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z"],
      ["2026-06-01T00:00:00Z", undefined],
      true,
    ],
    ["of unknown dates", ["2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z"], [undefined, "not a date"], false],
  ])("is a rollback or not when it is %s", (_, ours, theirs, expected) => {
    const names = ["linux/amd64", "linux/arm64"]
    const image = names.map((name, at) => after(name, {}, { created: ours[at] ?? "" }))
    const golden = names.map((name, at) => before(name, theirs[at] === undefined ? {} : { created: theirs[at] }))
    expect(codesOf(judge(image, compared(...golden)), "block")).toEqual(expected ? ["ROLLBACK"] : [])
  })

  it.each<[string, string | undefined, boolean]>([
    ["debian 12.9", "debian 12.11", false],
    ["debian 12.9", "debian 13", true],
    ["alpine 3.22.1", "alpine 3.22.4", false],
    ["alpine 3.22.1", "alpine 3.23.0", true],
    ["ubuntu 22.04", "ubuntu 24.04", true],
    ["debian 13", "alpine 3.22", true],
    ["debian 13", undefined, true],
    ["constructor 1.2", "constructor 2.2", true],
    ["__proto__ 1.2", "__proto__ 1.3", true],
  ])("from %s to %s", (then, now_, changed) => {
    const [family = "", name = ""] = (now_ ?? "").split(" ")
    const { os: _, ...scan } = aScan({ packageNames: [bash] })
    const image = aPlatform("linux/amd64", {
      scan: now_ === undefined ? scan : { ...scan, os: { family, name, endOfLife: false } },
    })
    const verdict = judge([image], compared(before("linux/amd64", { os: then })))
    expect(codesOf(verdict, "block")).toEqual(changed ? ["BASE_OS_CHANGED"] : [])
  })
})

describe("a comparison that did not happen", () => {
  const reference = "registry.example.com/golden/app:1"

  it.each<[string, BaselineResult | undefined, string[], string[]]>([
    ["because nothing is promoted yet: is told", { kind: "none", reference }, [], ["BASELINE_MISSING"]],
    ["because it failed: blocks", { kind: "failed", reference, message: "no scan" }, ["BASELINE_MISSING"], []],
    ["because nobody asked for it: blocks", undefined, ["BASELINE_MISSING"], []],
  ])("%s", (_, baseline, blocks, tells) => {
    const verdict = judge([after("linux/amd64")], baseline)
    expect(codesOf(verdict, "block")).toEqual(blocks)
    expect(codesOf(verdict, "report")).toEqual(tells)
    expect(verdict.outcome).toBe(blocks.length === 0 ? "promote" : "unassessed")
    expect(verdict.regression).toBeUndefined()
  })

  it("is nothing when the policy does not ask", () => {
    expect(judge([after("linux/amd64")], undefined, "severity: HIGH").reasons).toEqual([])
  })
})
