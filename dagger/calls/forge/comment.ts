// A merge request told where it stands.
import type { Directory, File } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import { type CheckText, commentOn } from "../../../core/notices/merge-comment.js"
import { renderPolicyTest } from "../../../core/policy/cases/render-policy-cases.js"
import { testPolicy } from "../../../core/policy/cases/run-policy-cases.js"
import { checkPolicy, renderPolicyCheck } from "../../../core/policy/document/check-policy.js"
import { openForge } from "../../session/open-forge.js"
import { readResults } from "../../session/read-results.js"
import { begin } from "../../session/session.js"
import { readConfig, type State } from "../../state/state.js"

export type CommentArguments = {
  readonly number: number
  readonly name: string
  readonly policy: File | undefined
  readonly cases: File | undefined
  readonly results: Directory | undefined
}

export async function runComment(state: State, args: CommentArguments): Promise<string> {
  const { results, number, name } = args
  if (args.policy === undefined && results === undefined)
    throw new CsscError("ARGUMENT_INVALID", "there is nothing to say: give policy, with cases or without, or results")
  if (args.policy === undefined && args.cases !== undefined)
    throw new CsscError("ARGUMENT_INVALID", "cases are of a policy: give that too")
  if (!Number.isInteger(number) || number < 1)
    throw new CsscError("ARGUMENT_INVALID", "number is that of a merge or pull request, from 1")
  const { session, checks, outcomes } = await begin(state, {
    checks: () => policyChecks(args),
    outcomes: () => (results === undefined ? undefined : readResults(results)),
  })
  const forge = await openForge(session.settings)
  const told = { name, checks, runUrl: readConfig(state).run.url, now: session.operation.now() }
  const done = await commentOn(forge, number, { ...told, ...(outcomes === undefined ? {} : { outcomes }) })
  return `${done}: ${forge.kind === "gitlab" ? "!" : "#"}${number}\n`
}

// What policy-check and policy-test say; here a problem is told, and fails nothing.
async function policyChecks({ policy, cases }: CommentArguments): Promise<readonly CheckText[]> {
  if (policy === undefined) return []
  const [text, policySource] = await Promise.all([policy.contents(), policy.name()])
  const now = new Date()
  const check = checkPolicy(text, policySource, now)
  const passed = check.problems.length === 0
  const first = {
    title: passed ? "The policy is valid" : "The policy has problems",
    passed,
    text: renderPolicyCheck(check),
  }
  if (cases === undefined) return [first]
  const [casesText, casesSource] = await Promise.all([cases.contents(), cases.name()])
  const result = testPolicy(text, casesText, { policySource, casesSource, now, files: new Map() })
  const title = result.passed ? `${result.cases.length} cases hold` : "The policy's cases do not hold"
  return [first, { title, passed: result.passed, text: renderPolicyTest(result) }]
}
