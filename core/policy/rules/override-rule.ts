// The override itself, told in every verdict that was given one: what it let pass, or why it did not.
import { listSome } from "../../list-some.js"
import type { OverrideUse, Reason } from "../verdict/verdict.js"
import { type Case } from "./rule.js"

export function overrideRule({ override, overrideUse, assessment }: Case): Reason[] {
  if (override === undefined) return []
  const who = `the override by ${override.approver} (${override.reference})`
  const message =
    overrideUse === undefined
      ? `${who} is for ${override.digest}, not for ${assessment.image.digest}: it covers nothing here`
      : `${who} ${effectOf(overrideUse)}`
  return [{ code: "OVERRIDE", effect: "report", message }]
}

function effectOf({ state, covered, notFound, expires, grantedAt }: OverrideUse): string {
  if (state === "expired") return `expired (${expires}) and covers nothing any more`
  const missing = notFound.length === 0 ? "" : `; named and not found: ${listSome(notFound)}`
  if (state === "unused") return `of ${grantedAt} covers nothing${missing}`
  return `lets pass until ${expires}: ${listSome(covered)}${missing}`
}
