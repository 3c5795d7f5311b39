// From a policy file to a Policy with all defaults filled in, or to one error that lists every problem.
import { plainWords } from "../../plain-words.js"
import type { Policy } from "./policy.js"
import { type FileProblem, type LineOf, problemsError, problemsOf } from "./policy-problems.js"
import { policySchema } from "./policy-schema.js"
import { readPolicyYaml } from "./policy-yaml.js"

/** A policy, or why it is none. */
export type ReadPolicy =
  { readonly policy: Policy; readonly lineOf: LineOf } | { readonly problems: readonly FileProblem[] }

/** Reads a policy, version 1; throws `POLICY_INVALID` with all problems, their paths and lines. */
export function parsePolicy(text: string, source = "policy"): Policy {
  const read = readPolicy(text, source)
  if ("policy" in read) return read.policy
  throw problemsError("POLICY_INVALID", source, read.problems)
}

/** Reads a policy and lists what is wrong with it; throws `LIMIT_EXCEEDED` for a file that is too large. */
export function readPolicy(text: string, source: string): ReadPolicy {
  const { problems, value, lineOf } = readPolicyYaml(text, source)
  if (problems.length > 0) return { problems }
  const parsed = policySchema.safeParse(value, { error: plainWords })
  if (!parsed.success) return { problems: problemsOf(parsed.error, lineOf) }
  return { policy: { ...parsed.data, source }, lineOf }
}
