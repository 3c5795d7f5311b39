// Issues about what a call could not promote.
import type { Directory } from "@dagger.io/dagger"
import { type IssueDone, requestApproval } from "../../../core/approval/request-approval.js"
import { CsscError } from "../../../core/errors.js"
import { defaultApprovals } from "../../../core/policy/document/approvals-schema.js"
import { openForge } from "../../session/open-forge.js"
import { readResults } from "../../session/read-results.js"
import { begin } from "../../session/session.js"
import { readConfig, type State } from "../../state/state.js"

export type RequestArguments = { readonly results: Directory | undefined; readonly run: string }

export async function runRequestApproval(state: State, { results, run }: RequestArguments): Promise<string> {
  const { session, outcomes } = await begin(state, {
    outcomes: () => (results === undefined ? noResults(run) : readResults(results)),
  })
  const { operation, settings } = session
  const forge = await openForge(settings)
  const { url, actor } = readConfig(state).run
  const { role } = operation.policy.approvals ?? defaultApprovals
  const named = { run: run === "" ? outcomes.name : run, crashed: results === undefined }
  const request = { ...named, role, runUrl: url, actor, now: operation.now() }
  return tell(await requestApproval(forge, outcomes, request))
}

function noResults(run: string) {
  if (run !== "") return { name: run, images: [] }
  throw new CsscError("ARGUMENT_INVALID", "without results there is nothing to ask but about a run: give its name")
}

function tell(all: readonly IssueDone[]): string {
  const lines = all
    .filter(({ done }) => done !== "left")
    .map(({ what, issue, done }) => `${done} #${issue ?? "?"}: ${what}`)
  return lines.length === 0 ? "nothing to ask, nothing to close\n" : `${lines.join("\n")}\n`
}
