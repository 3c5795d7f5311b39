// Policies as code: checked and tested before they decide about anything.
import type { Directory, File } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { checkPolicy, renderPolicyCheck } from "../../core/policy/document/check-policy.js"
import { testPolicy } from "../../core/policy/cases/run-policy-cases.js"
import { renderPolicyTest } from "../../core/policy/cases/render-policy-cases.js"
import { readFiles } from "./evaluate.js"

/** The check as text; throws `POLICY_INVALID` with every problem. */
export async function runPolicyCheck(file: File): Promise<string> {
  const [text, name] = await Promise.all([file.contents(), file.name()])
  const check = checkPolicy(text, name, new Date())
  const rendered = renderPolicyCheck(check)
  if (check.problems.length === 0) return rendered
  throw new CsscError("POLICY_INVALID", `${name} has problems:\n${rendered}`)
}

/** The cases as text; throws `POLICY_INVALID` when one fails or a file is not well-formed. */
export async function runPolicyTest(policy: File, cases: File, assessments: Directory | undefined): Promise<string> {
  const [policyText, policySource, casesText, casesSource] = await Promise.all([
    policy.contents(),
    policy.name(),
    cases.contents(),
    cases.name(),
  ])
  const stored = assessments === undefined ? [] : await readFiles(assessments)
  const files = new Map(stored.map(({ name, text }) => [name, text]))
  const result = testPolicy(policyText, casesText, { policySource, casesSource, now: new Date(), files })
  const rendered = renderPolicyTest(result)
  if (result.passed) return rendered
  throw new CsscError("POLICY_INVALID", `the policy's cases do not hold:\n${rendered}`)
}
