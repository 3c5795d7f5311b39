// What has been in a quarantine for long enough, planned and deleted.
import type { Directory } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import { parseRepository, repositoryName } from "../../../core/oci/reference.js"
import { readRetentionPlan } from "../../../core/retention/read-plan.js"
import { renderRetention } from "../../../core/retention/render-retention.js"
import { retention } from "../../../core/retention/retention.js"
import { deletionWay } from "../../session/deletion-way.js"
import { parseAge } from "../../session/parse-age.js"
import { type ResultFields, resultOf } from "../../session/result-files.js"
import { begin } from "../../session/session.js"
import type { State } from "../../state/state.js"

export type RetentionArguments = {
  readonly repository: string
  readonly olderThan: string
  readonly keepNewest: number
  readonly apply: boolean
  readonly plan?: Directory | undefined
}

export async function runRetention(
  state: State,
  args: RetentionArguments,
): Promise<ResultFields & { readonly passed: boolean }> {
  const { apply, plan } = args
  const { session, repository, rule } = await begin(state, {
    repository: () => parseRepository(args.repository),
    rule: () => ruleOf(args),
  })
  const way = await deletionWay(session.settings, repository)
  const text = plan === undefined ? undefined : await plan.file("result.json").contents()
  const reviewed = text === undefined ? {} : { reviewed: readRetentionPlan(text, repositoryName(repository)) }
  const result = await retention(session.operation, { repository, ...rule, apply, deletionWay: way, ...reviewed })
  return { ...resultOf(result, renderRetention(result), session), passed: result.failures.length === 0 }
}

function ruleOf({ olderThan, keepNewest }: RetentionArguments) {
  const refuse = (why: string) => new CsscError("ARGUMENT_INVALID", why)
  if (!Number.isInteger(keepNewest) || keepNewest < 0)
    throw refuse(`keepNewest is ${keepNewest}: expected a whole number, 0 or more`)
  if (olderThan === "" && keepNewest === 0)
    throw refuse("neither age nor number says what may go: pass --older-than, such as 30d, or --keep-newest, or both")
  return { keepNewest, ...(olderThan === "" ? {} : { olderThan: parseAge(olderThan) }) }
}
