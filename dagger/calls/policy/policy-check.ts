// A policy checked before it decides about anything.
import type { File } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import { checkPolicy, renderPolicyCheck } from "../../../core/policy/document/check-policy.js"

/** The check as text; throws `POLICY_INVALID` with every problem. */
export async function runPolicyCheck(file: File): Promise<string> {
  const [text, name] = await Promise.all([file.contents(), file.name()])
  const check = checkPolicy(text, name, new Date())
  const rendered = renderPolicyCheck(check)
  if (check.problems.length === 0) return rendered
  throw new CsscError("POLICY_INVALID", `${name} has problems:\n${rendered}`)
}
