// What people decided to let pass: the override, at the top of the page, and the exceptions.
import { code, type Content, fold, link, mark, type Page, some, table } from "../../page/page.js"
import type { ExceptionUse, OverrideUse } from "../../policy/verdict/verdict.js"

const maxRows = 100
const maxNames = 10

/** Who let what pass, why, until when and where that was decided; also when it had no effect. */
export function renderOverride(override: OverrideUse | undefined): Page {
  if (override === undefined) return []
  const { approver, reason, reference, expires, state, covered, notFound } = override
  const what = { used: "lets pass ", unused: "let nothing pass", expired: "has expired" }[state]
  const lines = [
    [
      ...[mark("strong", `The override by ${approver}`), ` ${what}`],
      ...(state === "used" ? names(covered) : []),
      ` until ${expires}`,
      ...(notFound.length === 0 ? [] : ["; not found: ", ...names(notFound)]),
    ],
    [`${reason} (`, link(reference, reference), ")"],
  ]
  return [{ kind: "quote", lines }]
}

/** The exceptions, with what would make one needless. */
export function renderLedger(exceptions: readonly ExceptionUse[]): Page {
  if (exceptions.length === 0) return []
  const states = ["used", "expiring", "expired", "unused"].flatMap((state) => {
    const number = exceptions.filter((use) => use.state === state).length
    return number === 0 ? [] : [`${number} ${state}`]
  })
  const header = ["Exception", "State", "Expires", "Owner", "Reason", "Fixed in"]
  return [fold(`Exceptions: ${states.join(", ")}`, [table(header, exceptions.map(cells), maxRows)])]
}

function cells(use: ExceptionUse): Content[] {
  const about = [use.id, use.package].flatMap((part) => (part === undefined ? [] : [code(part)]))
  return [
    about.flatMap((part, place) => (place === 0 ? [part] : [" in ", part])),
    use.state === "expired" || use.state === "expiring" ? mark("warn", use.state) : `${use.state} (${use.uses})`,
    use.expires ?? "never",
    use.owner ?? "",
    use.reason,
    use.fixedIn === undefined ? "" : names(use.fixedIn),
  ]
}

function names(list: readonly string[]) {
  return some(
    list.map((name) => code(name)),
    maxNames,
  )
}
