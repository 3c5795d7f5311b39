import { describe, expect, it } from "vitest"
import { severities } from "../../../core/findings/finding.js"
import { compareSeverity, isAtLeast, parseSeverity, severityOf } from "../../../core/findings/severity.js"

describe("severities", () => {
  it("are ordered from UNKNOWN to CRITICAL", () => {
    const shuffled = ["HIGH", "UNKNOWN", "CRITICAL", "LOW", "MEDIUM"] as const
    expect([...shuffled].sort(compareSeverity)).toEqual(severities)
  })

  it("count at the threshold itself", () => {
    expect(isAtLeast("HIGH", "HIGH")).toBe(true)
    expect(isAtLeast("MEDIUM", "HIGH")).toBe(false)
  })

  it("are read in any case", () => {
    expect(parseSeverity(" high ")).toBe("HIGH")
  })

  it("are listed when a text is none", () => {
    expect(() => parseSeverity("SEVERE")).toThrow(
      '[ARGUMENT_INVALID] "SEVERE" is not a severity: expected one of UNKNOWN, LOW, MEDIUM, HIGH, CRITICAL',
    )
  })

  it("are UNKNOWN when the scanner says nothing that is known", () => {
    expect([severityOf("NEGLIGIBLE"), severityOf(""), severityOf(undefined), severityOf(null)]).toEqual(
      Array(4).fill("UNKNOWN"),
    )
  })
})
