// The state of the exceptions themselves: a list that nobody tidies up ends as a list that nobody reads. An expired one
// needs no rule to block its findings: it just no longer covers anything.
import { listSome } from "../../list-some.js"
import type { LedgerPolicy } from "../document/policy.js"
import type { ExceptionUse, Reason, ReasonCode } from "../verdict/verdict.js"
import { type Case } from "./rule.js"

export function exceptionsRule({ ledger, policy }: Case): Reason[] {
  return ledger.flatMap((use) => {
    const name = [use.id, use.package].filter((part) => part !== undefined).join(" in ")
    return shortcomings(use).map(([code, key, what]) => {
      return { code, effect: policy.ledger[key], message: `the exception for ${name} ${what}` }
    })
  })
}

type Shortcoming = [ReasonCode, Exclude<keyof LedgerPolicy, "within">, string]

// One may have several: it ends soon, and nothing needs it any more.
function shortcomings({ state, expires, uses, fixedIn = [] }: ExceptionUse): Shortcoming[] {
  if (state === "expired") return [["EXCEPTION_EXPIRED", "expired", `expired (${expires}) and covers nothing any more`]]
  const fixes = `accepts what is fixed in ${listSome(fixedIn)}: update instead`
  return [
    ...(state === "expiring" ? [["EXCEPTION_EXPIRING", "expiring", `expires soon (${expires})`] as Shortcoming] : []),
    ...(uses === 0 ? [["EXCEPTION_UNUSED", "unused", "covers nothing in this image"] as Shortcoming] : []),
    ...(fixedIn.length === 0 ? [] : [["EXCEPTION_FIXABLE", "fixable", fixes] as Shortcoming]),
  ]
}
