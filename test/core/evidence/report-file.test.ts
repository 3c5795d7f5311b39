// What can go wrong: two platforms share a file by a part of their digest, and one is judged by the other's report.
import { describe, expect, it } from "vitest"
import { reportPath, requireReport } from "../../../core/evidence/report-file.js"
import { digestOf } from "../../../core/oci/digest.js"
import { aPlatform, aScan } from "../policy/build-assessment.js"

describe("a report's file", () => {
  const platform = aPlatform("linux/amd64", { scan: aScan({ report: digestOf("{}") }) })

  it("has the whole digest in its name, so that no other platform has the same", () => {
    expect(reportPath(platform)).toBe(`reports/linux-amd64-${platform.digest.replace(":", "-")}.json`)
    const other = digestOf("other")
    expect(reportPath({ platform: "linux/amd64", digest: other })).toContain(other.slice(7))
  })

  it("is the report that was judged, or none", () => {
    expect(requireReport("{}", platform)).toBe("{}")
    expect(() => requireReport("{ }", platform)).toThrow(/REPORT_INVALID.*not the one that was judged/)
  })
})
