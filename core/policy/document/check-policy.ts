// What an author wants to know of a policy before it is used: every problem, and what is allowed but hardly meant.
import { CsscError } from "../../errors.js"
import type { Digest } from "../../oci/digest.js"
import { count } from "../rules/rule.js"
import { readPolicy } from "./parse-policy.js"
import { type Policy, policyDigest } from "./policy.js"
import { type FileProblem, renderProblems } from "./policy-problems.js"
import { policyWarnings } from "./policy-warnings.js"

export type PolicyCheck = {
  readonly schema: "https://cssc.dev/policy-check/v1"
  readonly source: string
  /** Whether it can be used; warnings do not count. */
  readonly valid: boolean
  readonly problems: readonly FileProblem[]
  readonly warnings: readonly FileProblem[]
  /** Of a policy that can be used. */
  readonly policy?: PolicySummary
}

export type PolicySummary = {
  readonly digest: Digest
  readonly severity: string
  readonly platforms: string
  readonly exceptions: number
  readonly trusted: readonly string[]
}

/** Checks a policy file and never throws for a bad one; with `now`, exceptions that have ended are warned about. */
export function checkPolicy(text: string, source: string, now?: Date): PolicyCheck {
  const head = { schema: "https://cssc.dev/policy-check/v1", source } as const
  try {
    const read = readPolicy(text, source)
    if ("problems" in read) return { ...head, valid: false, problems: read.problems, warnings: [] }
    const { policy, lineOf } = read
    const warnings = policyWarnings(policy, lineOf, now)
    return { ...head, valid: true, problems: [], warnings, policy: summaryOf(policy) }
  } catch (error) {
    if (!(error instanceof CsscError)) throw error
    return { ...head, valid: false, problems: [{ path: "(document)", message: error.reason }], warnings: [] }
  }
}

/** One line per problem and warning, as compilers write them, and a last line that sums up. */
export function renderPolicyCheck({ source, problems, warnings, policy }: PolicyCheck): string {
  const found = [...renderProblems(source, problems), ...renderProblems(source, warnings, "warning: ")]
  return [...found, `${source}: ${summaryLine(problems.length, warnings.length, policy)}`, ""].join("\n")
}

function summaryOf(policy: Policy): PolicySummary {
  const { platforms } = policy
  return {
    digest: policyDigest(policy),
    severity: policy.severity,
    platforms: platforms.kind === "all" ? "all" : `${platforms.kind}: ${platforms.platforms.join(", ")}`,
    exceptions: policy.exceptions.length,
    trusted: policy.trusted.map(({ publisher }) => publisher),
  }
}

function summaryLine(problems: number, warnings: number, policy: PolicySummary | undefined): string {
  const warned = warnings === 0 ? "" : `, ${count(warnings, "warning")}`
  if (policy === undefined) return `${count(problems, "problem")}${warned}`
  const { severity, exceptions, trusted, digest } = policy
  const parts = [`stops at ${severity}`, count(exceptions, "exception"), count(trusted.length, "trusted publisher")]
  return `valid${warned}: ${[...parts, digest].join(", ")}`
}
