// A policy against cases, so that a team can review it as code: each case describes an image, or names a stored
// assessment, and says what the verdict must be. The decision is the real one.
import { CsscError } from "../../errors.js"
import type { Digest } from "../../oci/digest.js"
import { readPolicy } from "../document/parse-policy.js"
import { type Policy, policyDigest } from "../document/policy.js"
import type { FileProblem } from "../document/policy-problems.js"
import { evaluate } from "../judge/evaluate.js"
import type { Outcome, Verdict } from "../verdict/verdict.js"
import { readCases, type ReadyCase } from "./read-policy-cases.js"

/** One thing that was expected and is not so. */
export type Failure = { readonly what: string; readonly expected: readonly string[]; readonly got: readonly string[] }

export type CaseResult = {
  readonly name: string
  readonly line?: number
  readonly passed: boolean
  readonly failures: readonly Failure[]
  readonly outcome: Outcome
  /** The verdict's reasons: `block FINDINGS …`. */
  readonly reasons: readonly string[]
}

export type PolicyTest = {
  readonly schema: "https://cssc.dev/policy-test/v1"
  readonly policy: { readonly source: string; readonly digest?: Digest }
  readonly source: string
  /** Every case ran and passed. */
  readonly passed: boolean
  /** What is wrong with the two files; with any, no case runs. */
  readonly problems: readonly (FileProblem & { readonly source: string })[]
  readonly cases: readonly CaseResult[]
}

export type TestOptions = {
  readonly policySource?: string
  readonly casesSource?: string
  /** For cases without `at`. */
  readonly now?: Date
  /** Stored assessments by the path that cases name them by. */
  readonly files?: ReadonlyMap<string, string>
}

/** Runs every case; never throws for a bad file. */
export function testPolicy(policyText: string, casesText: string, options: TestOptions = {}): PolicyTest {
  const { policySource = "policy.yaml", casesSource = "cases.yaml", now, files = new Map() } = options
  const head = { schema: "https://cssc.dev/policy-test/v1", source: casesSource } as const
  const failed = (source: string, problems: readonly FileProblem[]): PolicyTest => ({
    ...head,
    policy: { source: policySource },
    passed: false,
    problems: problems.map((problem) => ({ source, ...problem })),
    cases: [],
  })
  const read = limited(() => readPolicy(policyText, policySource))
  if ("problems" in read) return failed(policySource, read.problems)
  const { policy } = read
  const cases = limited(() => readCases(casesText, casesSource, policy, { now, files }))
  if ("problems" in cases) return failed(casesSource, cases.problems)
  const results = cases.cases.map((one) => runCase(one, policy))
  const passed = results.length > 0 && results.every((result) => result.passed)
  return {
    ...head,
    policy: { source: policySource, digest: policyDigest(policy) },
    passed,
    problems: [],
    cases: results,
  }
}

// A file that is too large is a problem like any other.
function limited<T>(read: () => T): T | { readonly problems: readonly FileProblem[] } {
  try {
    return read()
  } catch (error) {
    if (error instanceof CsscError) return { problems: [{ path: "(document)", message: error.reason }] }
    throw error
  }
}

function runCase({ name, line, at, assessment, expect }: ReadyCase, policy: Policy): CaseResult {
  const verdict = evaluate(assessment, policy, { now: at })
  const failures = compare(expect, verdict)
  return {
    name,
    ...(line === undefined ? {} : { line }),
    passed: failures.length === 0,
    failures,
    outcome: verdict.outcome,
    reasons: verdict.reasons.map(({ effect, code, message }) => `${effect} ${code} ${message}`),
  }
}

function compare({ outcome, reasons, reports, remaining, excepted }: ReadyCase["expect"], verdict: Verdict): Failure[] {
  const codes = (effect: "block" | "report") =>
    verdict.reasons.filter((one) => one.effect === effect).map(({ code }) => code)
  const reported = codes("report")
  const missing = (reports ?? []).filter((code) => !reported.includes(code))
  return [
    ...differing("outcome", outcome === undefined ? undefined : [outcome], [verdict.outcome]),
    ...differing("reasons", reasons, codes("block")),
    ...(missing.length === 0 ? [] : [{ what: "reports", expected: sorted(missing), got: sorted(reported) }]),
    ...differing("remaining", remaining, verdict.remaining),
    ...differing("excepted", excepted, verdict.excepted),
  ]
}

// As sets: the order says nothing.
function differing(what: string, expected: readonly string[] | undefined, got: readonly string[]): Failure[] {
  if (expected === undefined) return []
  const [left, right] = [sorted(expected), sorted(got)]
  return left.join("\n") === right.join("\n") ? [] : [{ what, expected: left, got: right }]
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
