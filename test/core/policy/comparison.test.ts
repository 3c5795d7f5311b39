// What can go wrong: a planted SBOM hides packages, a stale one tells of another image, nobody compared them, or an
// image is promoted after its end of life.
import { describe, expect, it } from "vitest"
import { unsigned } from "../../../core/attestation/signature.js"
import type { PlatformAssessment, SbomComparison, ScanMethod } from "../../../core/findings/assessment.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { comparePackages } from "../../../core/sbom/compare-packages.js"
import { anAssessment, aPlatform, codesOf, messageOf, now, unscanned } from "./build-assessment.js"

const judge = (platform: PlatformAssessment, yaml = "cross-examination: block", method: ScanMethod = "sbom") =>
  evaluate(anAssessment([platform], { method }), parsePolicy(`version: 1\n${yaml}`), { now })
const compared = (more: Partial<SbomComparison>) =>
  aPlatform("linux/amd64", { comparison: { onlyInImage: [], onlyInSbom: [], common: 10, ...more } })

describe("cross-examination", () => {
  it("passes when both say the same", () => {
    expect(judge(compared({})).reasons).toEqual([])
  })

  it("names what the SBOM hides and what it made up, and blocks by policy", () => {
    const differs = compared({ onlyInImage: ["pkg:deb/debian/xz@5.6.0"], onlyInSbom: ["pkg:deb/debian/xz@5.4.0"] })
    const verdict = judge(differs)
    expect(verdict.reasons.map(({ message }) => message)).toEqual([
      "linux/amd64: planted SBOM: 1 package only in the SBOM: pkg:deb/debian/xz@5.4.0",
      "linux/amd64: stale SBOM: 1 package only in the image: pkg:deb/debian/xz@5.6.0",
    ])
    expect(verdict.outcome).toBe("blocked")
    expect(judge(differs, "cross-examination: report").passed).toBe(true)
    expect(judge(differs, "severity: HIGH").reasons).toEqual([])
  })

  it("names another operating system, and every vulnerability that the SBOM hides", () => {
    const differs = compared({
      os: { sbom: "alpine 3.99.0", image: "alpine 3.10.2 (past its end)" },
      missedFindings: ["CVE-2026-2 in pkg:apk/alpine/b@1", "CVE-2026-1 in pkg:apk/alpine/a@1"],
    })
    const verdict = judge(differs)
    expect(verdict.reasons.map(({ message }) => message)).toEqual([
      "linux/amd64: another operating system: the SBOM's is alpine 3.99.0, the image's is alpine 3.10.2 (past its end)",
      "linux/amd64: hidden by the SBOM: 2 vulnerabilities that only the scan of the file system finds: CVE-2026-1 in pkg:apk/alpine/a@1, CVE-2026-2 in pkg:apk/alpine/b@1",
    ])
    expect(verdict.outcome).toBe("blocked")
    expect(judge(differs, "cross-examination: report").passed).toBe(true)
  })

  it.each<[string, PlatformAssessment]>([
    ["it failed", compared({ problem: "no space left" })],
    ["nobody did it", aPlatform("linux/amd64")],
    ["there was nothing to compare", compared({ common: 0 })],
  ])("blocks when %s", (_, platform) => {
    expect(codesOf(judge(platform), "block")).toEqual(["SBOM_MISMATCH"])
  })

  it("asks nothing where there is no SBOM, and adds nothing to a missing one", () => {
    expect(judge(aPlatform("linux/amd64"), "cross-examination: block", "image").reasons).toEqual([])
    expect(codesOf(judge(unscanned("linux/amd64", "SBOM_MISSING")), "block")).toEqual(["MISSING_SBOM"])
  })
})

describe("comparePackages", () => {
  it("does not count qualifiers, case, or the separators of Python's names; it counts versions", () => {
    const sbom = ["pkg:deb/debian/bash@5.2?arch=amd64", "pkg:pypi/Foo_Bar@1", "pkg:npm/a@1", "bare@1", "bare@1"]
    const image = ["pkg:deb/debian/bash@5.2?distro=debian-13", "pkg:pypi/foo-bar@1", "pkg:npm/a@2", "bare@1"]
    expect(comparePackages(sbom, image)).toEqual({
      onlyInImage: ["pkg:npm/a@2"],
      onlyInSbom: ["pkg:npm/a@1"],
      common: 3,
    })
  })

  it("is the same for every order", () => {
    const [sbom, image] = [
      ["pkg:npm/B@1", "pkg:npm/b@1", "x"],
      ["y", "z"],
    ]
    expect(comparePackages(sbom.toReversed(), image.toReversed())).toEqual(comparePackages(sbom, image))
  })
})

describe("the end of life", () => {
  const judgeAt = (endOfLife: string, at: string, yaml = "severity: HIGH") => {
    const lifecycle = {
      endOfLife,
      referrer: digestOf("tombstone"),
      signature: unsigned,
      reason: "replaced",
      successor: "app:2",
    }
    const policy = parsePolicy(`version: 1\ndatabase: {stale: report, unknown: report}\n${yaml}`)
    return evaluate(anAssessment(undefined, { lifecycle }), policy, { now: new Date(at) })
  }

  it.each([
    ["2026-06-15", "2026-06-14T23:59:59.999Z", false],
    ["2026-06-15", "2026-06-15T00:00:00.000Z", true],
    ["2026-06-15T12:00:00+02:00", "2026-06-15T09:59:59.999Z", false],
    ["2026-06-15T12:00:00+02:00", "2026-06-15T10:00:00.000Z", true],
    ["2026-06-15T12:00:00+02:00", "2026-06-15T05:00:00.000-05:00", true],
    ["soon", "2026-06-15T00:00:00.000Z", true],
    ["2026-02-30", "2026-01-01T00:00:00.000Z", true],
  ])("of %s counts at %s: %s, whoever signed it", (end, at, ended) => {
    const verdict = judgeAt(end, at)
    expect(verdict.outcome).toBe(ended ? "unassessed" : "promote")
    expect(judgeAt(end, at, "end-of-life: report").passed).toBe(true)
  })

  it("says why and what comes after", () => {
    expect(messageOf(judgeAt("2026-06-15", "2026-06-16T00:00:00Z"), "END_OF_LIFE")).toBe(
      "the image reached its end of life on 2026-06-15 (replaced); its successor is app:2",
    )
  })
})
