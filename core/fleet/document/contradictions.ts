// Where a fleet's document says something else than its own rows.
import { CsscError } from "../../errors.js"
import { canonicalJson } from "../../findings/canonical-json.js"
import { isFleetOutcome } from "../apply/fleet-result.js"
import type { PlannedAction } from "../plan/planned.js"
import type { SelectionOutcome } from "../plan/survey.js"
import { type FleetDocument, planSchemaId } from "./fleet-document.js"
import type { EntryRow, Failure, ImageRow } from "./rows.js"

/** What a file says of its rows beside them. */
export type Told = {
  readonly failures: readonly Failure[]
  readonly digest: string
  readonly passed: boolean
  readonly totals: Readonly<Record<string, number>>
}

/** `own` is what the rows of that file say. Empty when it is the same. */
export function contradictions(told: Told, own: FleetDocument): readonly string[] {
  const { schema, config, shard, entries, images } = own
  const odd = [...entries.flatMap(oddEntry), ...images.flatMap((row) => oddImage(row, schema === planSchemaId))]
  const rows = new Set(own.failures.map(keyOf))
  const failures = new Set(told.failures.map(keyOf))
  const isShort = shard === undefined && entries.length !== config.entries
  return [
    ...odd,
    ...own.failures.filter((one) => !failures.has(keyOf(one))).map((one) => `${ended(one)} is not among failures`),
    ...told.failures
      .filter((one) => !rows.has(keyOf(one)))
      .map((one) => `${ended(one)} is among failures, not among the rows`),
    ...(told.passed === own.passed ? [] : [`passed is ${told.passed}, its rows say ${own.passed}`]),
    ...(canonicalJson(told.totals) === canonicalJson(own.totals) ? [] : ["totals are not those of its rows"]),
    ...(told.digest === own.digest ? [] : [`digest is not that of its rows, ${own.digest}`]),
    ...(isShort ? [`it has ${entries.length} of ${config.entries} entries, and is no shard`] : []),
  ]
}

const keyOf = ({ kind, source, target, outcome }: Omit<Failure, "why">) =>
  canonicalJson({ kind, source, target, outcome })

const ended = ({ target, outcome }: Omit<Failure, "why">) => `${target} (${outcome.slice(0, 40)})`

const selections: Readonly<Record<SelectionOutcome, true>> = {
  ...{ selected: true, "nothing-matched": true, missing: true, failed: true },
}
const actions: Readonly<Record<PlannedAction, true>> = { copy: true, look: true, judge: true, none: true, fail: true }

function oddEntry({ target, outcome }: EntryRow): string[] {
  return Object.hasOwn(selections, outcome) ? [] : [`entry ${target} ended as ${said(outcome)}`]
}

// An end that nobody here writes means nothing, and a plan has no outcomes.
function oddImage({ target, action, outcome }: ImageRow, isPlan: boolean): string[] {
  const [end, other] = isPlan ? [action, outcome] : [outcome, action]
  if (other !== undefined) return [`${target} has both an action and an outcome`]
  const isKnown = end !== undefined && (isPlan ? Object.hasOwn(actions, end) : isFleetOutcome(end))
  return isKnown ? [] : [`${target} ended as ${said(end)}`]
}

/** A result of ours that says two things: nobody goes on after it. */
export function contradiction(name: string, what: string): CsscError {
  return new CsscError(
    "REPORT_INVALID",
    `${name} contradicts itself: ${what}. It was edited or written in part: export \`results\` again`,
  )
}

function said(end: string | undefined): string {
  return end === undefined ? "nothing" : `"${end.slice(0, 40)}", which is no end that is known here`
}
