// A policy run against cases, as code is.
import type { Directory, File } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import { renderPolicyTest } from "../../../core/policy/cases/render-policy-cases.js"
import { testPolicy } from "../../../core/policy/cases/run-policy-cases.js"
import { readJsonFiles } from "../../session/result-files.js"

/** The cases as text; throws `POLICY_INVALID` when one fails or a file is not well-formed. */
export async function runPolicyTest(policy: File, cases: File, assessments: Directory | undefined): Promise<string> {
  const [policyText, policySource, casesText, casesSource] = await Promise.all([
    policy.contents(),
    policy.name(),
    cases.contents(),
    cases.name(),
  ])
  const stored = assessments === undefined ? [] : await readJsonFiles(assessments)
  const files = new Map(stored.map(({ name, text }) => [name, text]))
  const result = testPolicy(policyText, casesText, { policySource, casesSource, now: new Date(), files })
  const rendered = renderPolicyTest(result)
  if (result.passed) return rendered
  throw new CsscError("POLICY_INVALID", `the policy's cases do not hold:\n${rendered}`)
}
