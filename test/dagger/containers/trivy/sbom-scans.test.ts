import { describe, expect, it } from "vitest"
import { SCAN_EXECS_AT_ONCE, SCANS_IN_ONE_EXEC, scansOfExec } from "../../../../dagger/containers/trivy/sbom-scans.js"

describe("scansOfExec", () => {
  it("gives few documents an exec each, so that the engine knows each report by its document", () => {
    expect(scansOfExec(1, SCAN_EXECS_AT_ONCE)).toBe(1)
    expect(scansOfExec(SCAN_EXECS_AT_ONCE, SCAN_EXECS_AT_ONCE)).toBe(1)
  })

  it("spreads more over the execs that may begin, up to the most of one", () => {
    expect(scansOfExec(SCAN_EXECS_AT_ONCE + 1, SCAN_EXECS_AT_ONCE)).toBe(2)
    expect(scansOfExec(36, 4)).toBe(9)
    expect(scansOfExec(1000, 4)).toBe(SCANS_IN_ONE_EXEC)
    expect(scansOfExec(10, 1)).toBe(10)
  })
})
