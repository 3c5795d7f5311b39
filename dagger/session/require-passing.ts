// What a pipeline stops by: a result in which anything was blocked or failed.
import { CsscError } from "../../core/errors.js"
import { listSome } from "../../core/list-some.js"
import { parseJson } from "../../core/oci/json.js"
import { type Stops, whatStops } from "../../core/outcomes/what-stops.js"
import type { ResultFields } from "./result-files.js"

const maxBytes = 256 * 1024 * 1024
const maxNamed = 20

/**
 * Throws `GATE_BLOCKED` in one line unless all in a result.json or verdict.json passed; an empty run has. Throws
 * `REPORT_INVALID` for what contradicts itself.
 */
export function requirePassing(text: string, name: string): void {
  const bounds = { code: "REPORT_INVALID", what: name, maxBytes, maxDepth: 64 } as const
  requireNone(whatStops(parseJson(text, bounds), name))
}

function requireNone({ stops: bad, of: all }: Stops): void {
  if (bad.length === 0) return
  const told = bad.map(({ target, outcome }) => `${target}: ${outcome}`)
  throw new CsscError("GATE_BLOCKED", `${bad.length} of ${all} did not pass: ${listSome(told, maxNamed, "; ")}`)
}

/** The summary; or, when anything did not pass, the same in the log, since nothing else of a failed call is printed. */
export function enforce({ json, summary }: Pick<ResultFields, "json" | "summary">, name: string): string {
  try {
    requirePassing(json, name)
  } catch (error) {
    console.error(summary)
    throw error
  }
  return summary
}
