import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { summaryOf } from "../../scripts/test-summary.mjs"

const folder = mkdtempSync(join(tmpdir(), "cssc-summary-"))
afterAll(() => rmSync(folder, { recursive: true }))

function summary(files: Record<string, string[]>, all = true, fileStatus = "passed") {
  const testResults = Object.entries(files).map(([name, states]) => ({
    name,
    status: fileStatus,
    assertionResults: states.map((status) => ({ status })),
  }))
  const report = join(folder, "report.json")
  writeFileSync(report, JSON.stringify({ testResults }))
  return summaryOf(report, { all })
}

const green = { "/a.test.ts": ["passed"], "/b.contract.test.ts": ["passed"], "/c.engine.test.ts": ["passed"] }

describe("summaryOf", () => {
  it("adds up the three kinds of tests", () => {
    const { line, problems } = summary({ ...green, "/d.test.ts": ["failed", "skipped", "todo"] })
    expect(line).toBe("3 passed, 1 failed, 2 skipped")
    expect(problems).toEqual([])
  })

  it("finds the kind of which every test was skipped", () => {
    expect(summary({ ...green, "/c.engine.test.ts": ["skipped"] }).problems).toEqual(["no engine test was executed"])
  })

  it("accepts missing kinds when only some tests were asked for", () => {
    expect(summary({ "/a.test.ts": ["passed"] }, false).problems).toEqual([])
  })

  it("counts a file that did not load as a failure", () => {
    expect(summary({ "/a.test.ts": [] }, false, "failed").line).toBe("0 passed, 1 failed, 0 skipped")
  })

  it("does not take a missing report for a green one", () => {
    expect(summaryOf(join(folder, "none.json"), { all: false }).problems).toEqual(["no test was executed"])
  })
})
