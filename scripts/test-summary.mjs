// Reads vitest's JSON report, and finds what is wrong with a run that looks green: a kind of tests of which none ran.
import { existsSync, readFileSync } from "node:fs"
import { kinds } from "./test-plan.mjs"

/**
 * @param file the report
 * @param all whether all kinds of tests were asked for
 * @returns the closing line, and problems that make the run a failure
 */
export function summaryOf(file, { all }) {
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { testResults: [] }
  const counts = Object.fromEntries(kinds.map((kind) => [kind, { passed: 0, failed: 0, skipped: 0 }]))
  for (const suite of report.testResults) count(suite, counts[kindOf(suite.name)])
  const total = (state) => kinds.reduce((sum, kind) => sum + counts[kind][state], 0)
  const line = `${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`
  const executed = (kind) => counts[kind].passed + counts[kind].failed
  const idle = all ? kinds.filter((kind) => executed(kind) === 0) : []
  const problems = idle.map((kind) => `no ${kind} test was executed`)
  if (!all && kinds.every((kind) => executed(kind) === 0)) problems.push("no test was executed")
  return { line, problems, counts }
}

function count(suite, counts) {
  for (const { status } of suite.assertionResults) {
    if (status === "passed" || status === "failed") counts[status]++
    else counts.skipped++
  }
  // A file that does not load, or whose hooks fail, has no failed test of its own.
  const failures = suite.assertionResults.filter(({ status }) => status === "failed").length
  if (suite.status === "failed" && failures === 0) counts.failed++
}

function kindOf(name) {
  return /\.(contract|engine)\.test\.ts$/.exec(name)?.[1] ?? "unit"
}
