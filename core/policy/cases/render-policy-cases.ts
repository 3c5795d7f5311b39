// The result of policy-test as text: one line per case and difference, as compilers write them.
import { type FileProblem, renderProblems } from "../document/policy-problems.js"
import { count } from "../rules/rule.js"
import type { CaseResult, Failure, PolicyTest } from "./run-policy-cases.js"

export function renderPolicyTest({ source, problems, cases }: PolicyTest): string {
  const wrong = [...bySource(problems)].flatMap(([name, all]) => renderProblems(name, all))
  const lines = [...wrong, ...cases.flatMap((result) => renderCase(source, result))]
  const failed = cases.filter(({ passed }) => !passed).length
  const sum =
    problems.length > 0
      ? `${count(problems.length, "problem")}, no case was run`
      : `${count(cases.length, "case")}, ${failed} failed`
  return [...lines, `${source}: ${sum}`, ""].join("\n")
}

function bySource(problems: PolicyTest["problems"]): Map<string, FileProblem[]> {
  const groups = new Map<string, FileProblem[]>()
  for (const { source, ...problem } of problems) groups.set(source, [...(groups.get(source) ?? []), problem])
  return groups
}

function renderCase(source: string, { name, line, passed, failures, reasons }: CaseResult): string[] {
  const place = line === undefined ? source : `${source}:${line}`
  if (passed) return [`${place}: passed: ${name}`]
  const told = failures.map((failure) => `${place}: FAILED: ${name}: ${renderFailure(failure)}`)
  return [...told, ...reasons.map((reason) => `    ${reason.replace(/\p{Cc}+/gu, " ")}`)]
}

function renderFailure({ what, expected, got }: Failure): string {
  return `${what}: expected ${listOf(expected)}, got ${listOf(got)}`
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ")
}
