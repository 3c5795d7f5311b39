// Our own assessment document when it comes as a file: a border like any other, so nothing in it is taken on trust.
import { checkSchema, parseJson } from "../oci/json.js"
import { type Assessment, assessmentSchema } from "./assessment.js"
import { maxReportBytes, maxReportDepth } from "./trivy-report.js"

/** Reads an assessment document; throws `REPORT_INVALID` with the paths of what is malformed. */
export function parseAssessment(content: string, name = "assessment.json"): Assessment {
  const bounds = { code: "REPORT_INVALID", what: name, maxBytes: maxReportBytes, maxDepth: maxReportDepth } as const
  return checkSchema(assessmentSchema, parseJson(content, bounds), "REPORT_INVALID", name)
}
