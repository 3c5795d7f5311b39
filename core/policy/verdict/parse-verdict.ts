// A verdict that comes as a file. That it is well formed says nothing about who made it: promotion trusts it only when
// it is signed, or when the same is derived again.
import { maxReportBytes, maxReportDepth } from "../../findings/trivy-report.js"
import { checkSchema, parseJson } from "../../oci/json.js"
import { type Verdict, verdictSchema } from "./verdict.js"

const consistentSchema = verdictSchema
  .refine(({ outcome, passed }) => passed === (outcome === "promote"), "passed and outcome contradict each other")
  .refine(
    ({ passed, reasons }) => passed === !reasons.some(({ effect }) => effect === "block"),
    "outcome and reasons contradict each other",
  )

/** Reads a verdict document; throws `REPORT_INVALID` with the paths of what is malformed. */
export function parseVerdict(content: string, name = "verdict.json"): Verdict {
  const bounds = { code: "REPORT_INVALID", what: name, maxBytes: maxReportBytes, maxDepth: maxReportDepth } as const
  return parseVerdictValue(parseJson(content, bounds), name)
}

/** Reads a verdict that is a JSON value already: the predicate of a statement. */
export function parseVerdictValue(value: unknown, name: string): Verdict {
  return checkSchema(consistentSchema, value, "REPORT_INVALID", name)
}
