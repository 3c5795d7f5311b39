// What people decided to let pass: the override, at the top of the page, and the exceptions.
import type { ExceptionUse, OverrideUse } from "../../policy/verdict/verdict.js"
import { code, plain, table } from "./escape.js"

const maxRows = 200
const maxNames = 10

/** Who let what pass, why, until when and where that was decided; also when it had no effect. */
export function renderOverride(override: OverrideUse | undefined): string[] {
  if (override === undefined) return []
  const { approver, reason, reference, expires, state, covered, notFound } = override
  const what = { used: `lets pass ${some(covered)}`, unused: "let nothing pass", expired: "has expired" }[state]
  const missing = notFound.length === 0 ? "" : `; not found: ${some(notFound)}`
  const lines = [
    `> ⚠️ **The override by ${plain(approver)} ${what}** until ${plain(expires)}${missing}`,
    `> ${plain(reason)} (${plain(reference)})`,
  ]
  return [lines.join("\n>\n")]
}

/** The table of exceptions, with what would make one needless. */
export function renderLedger(exceptions: readonly ExceptionUse[]): string[] {
  if (exceptions.length === 0) return []
  const rows = exceptions
    .slice(0, maxRows)
    .map((use) => [
      [use.id, use.package].flatMap((part) => (part === undefined ? [] : code(part))).join(" in "),
      use.state === "expired" || use.state === "expiring" ? `**${use.state}**` : use.state,
      String(use.uses),
      use.expires === undefined ? "never" : plain(use.expires),
      plain(use.owner ?? "–"),
      plain(use.reason),
      use.fixedIn === undefined ? "–" : some(use.fixedIn),
    ])
  const rest = exceptions.length - rows.length
  const more = rest > 0 ? [`_and ${rest} more in the verdict_`] : []
  return [
    "### Exceptions",
    table(["Exception", "State", "Uses", "Expires", "Owner", "Reason", "Fixed in"], rows),
    ...more,
  ]
}

function some(names: readonly string[]): string {
  const rest = names.length - maxNames
  const shown = names.slice(0, maxNames).map((name) => code(name))
  return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "")
}
