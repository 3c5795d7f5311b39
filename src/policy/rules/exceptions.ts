// The state of the exceptions themselves. An expired one needs no rule to block: it just no longer covers anything.
import type { ExceptionUse, Reason, ReasonCode } from "../verdict.js"
import type { Case } from "./rule.js"

export function exceptionsRule({ ledger }: Case): Reason[] {
  return ledger.flatMap((use) => {
    const [code, what] = codeOf(use)
    const name = [use.id, use.package].filter((part) => part !== undefined).join(" in ")
    return code === undefined ? [] : [{ code, effect: "report", message: `the exception for ${name} ${what}` } as const]
  })
}

function codeOf({ state, expires }: ExceptionUse): [ReasonCode | undefined, string] {
  if (state === "expired") return ["EXCEPTION_EXPIRED", `expired (${expires}) and covers nothing any more`]
  if (state === "expiring") return ["EXCEPTION_EXPIRING", `expires soon (${expires})`]
  return state === "unused" ? ["EXCEPTION_UNUSED", "covers nothing in this image"] : [undefined, ""]
}
