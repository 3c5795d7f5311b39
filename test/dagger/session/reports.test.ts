// Reports beside a result: of what they are made, and that a result is never lost over one.
import { describe, expect, it } from "vitest"
import { gateReport, promotionReport, reportFilesOf, runReportOf, scanReport } from "../../../dagger/session/reports.js"
import { image } from "../../core/policy/build-assessment.js"
import { blocked } from "../../core/report/report-world.js"

const assessment = blocked.assessment as NonNullable<typeof blocked.assessment>
const verdict = blocked.verdict as NonNullable<typeof blocked.verdict>
const pinned = { registry: "q.example", repository: "app", tag: "1", digest: image.digest }
const gated = { image: pinned, assessment, verdict, reports: new Map<never, never>() }

describe("reports", () => {
  it("name the image by the tag that was typed", () => {
    const named = `dhi.io/app:1.4@${image.digest}`
    expect(scanReport(assessment, named).images).toMatchObject([{ name: "dhi.io/app:1.4", outcome: "scanned" }])
    expect(gateReport(assessment, verdict, named)).toMatchObject({ title: "dhi.io/app:1.4", kind: "gate" })
    const promotion = { outcome: "blocked", digest: image.digest, target: "g.example/app:1" } as never
    expect(promotionReport(promotion, gated).images).toMatchObject([{ name: "q.example/app:1", outcome: "blocked" }])
    const runs = [{ tag: "2", error: "[X] gone" }]
    expect(runReportOf("q.example/app", runs).images).toEqual([
      { name: "q.example/app:2", outcome: "failed", note: "[X] gone" },
    ])
  })

  it("are one file for each format", async () => {
    const files = await reportFilesOf(gateReport(assessment, verdict, "dhi.io/app:1.4"))
    const names = ["gl-container-scanning-report.json", "junit.xml", "report.html", "results.sarif", "vex.cdx.json"]
    expect(Object.keys(files).sort()).toEqual(names)
    expect(Object.values(files).every((text) => text.includes("dhi.io/app"))).toBe(true)
  })

  it("that cannot be made are said so in a file, since what they are about has happened", async () => {
    const files = await reportFilesOf({ title: "x", kind: "run", images: undefined as never })
    expect(Object.keys(files)).toEqual(["report-error.txt"])
    expect(files["report-error.txt"]).toContain("the reports could not be made: ")
  })
})
