// A verdict that comes as a file. That it is well formed says nothing about who made it: promotion trusts it only when
// it is signed, or when the same is derived again.
import { z } from "zod"
import {
  databaseSchema,
  digestSchema,
  findingShape,
  imageSchema,
  maxFindings,
  maxPlatforms,
  methodSchema,
  timeSchema,
  toolSchema,
  unassessedSchema,
} from "../findings/assessment-schema.js"
import { severities } from "../findings/finding.js"
import { maxReportBytes, maxReportDepth } from "../findings/trivy-report.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { judgements, outcomes, reasonCodes, type Verdict } from "./verdict.js"

const text = z.string().max(65_536)
const ids = z.array(z.string().max(256)).max(maxFindings)

const reasonSchema = z.strictObject({
  code: z.enum(reasonCodes),
  effect: z.enum(["block", "report"]),
  platform: text.exactOptional(),
  message: z.string(),
})

const judgedSchema = z.strictObject({
  ...findingShape,
  platform: text,
  judgement: z.enum(judgements),
  because: z.strictObject({ by: text, statement: text, source: text, expires: text.exactOptional() }).exactOptional(),
})

const rowSchema = z.strictObject({
  platform: text,
  digest: digestSchema,
  atThreshold: ids,
  blocking: ids,
  missingSbom: z.boolean(),
  unassessed: z.array(unassessedSchema),
  packages: z.int().min(0),
  os: text.exactOptional(),
})

const useSchema = z.strictObject({
  id: text.exactOptional(),
  package: text.exactOptional(),
  reason: text,
  owner: text.exactOptional(),
  expires: text.exactOptional(),
  state: z.enum(["used", "unused", "expired", "expiring"]),
  uses: z.int().min(0),
})

const inputSchema = z.strictObject({
  platform: text,
  digest: digestSchema,
  report: digestSchema.exactOptional(),
  sbom: digestSchema.exactOptional(),
})

export const verdictSchema = z
  .strictObject({
    schema: z.literal("https://cssc.dev/verdict/v1"),
    outcome: z.enum(outcomes),
    passed: z.boolean(),
    image: imageSchema,
    method: methodSchema,
    predicateType: text.exactOptional(),
    evaluatedAt: timeSchema,
    policy: z.strictObject({ digest: digestSchema, severity: z.enum(severities), source: text }),
    database: databaseSchema.exactOptional(),
    tools: z.array(toolSchema).max(1000),
    reasons: z.array(reasonSchema).max(100_000),
    blocking: ids,
    remaining: ids,
    excepted: ids,
    platforms: z.array(rowSchema).max(maxPlatforms),
    findings: z.array(judgedSchema).max(maxFindings),
    exceptions: z.array(useSchema).max(20_000),
    reports: z.array(inputSchema).max(maxPlatforms),
  })
  .refine(({ outcome, passed }) => passed === (outcome === "promote"), "passed and outcome contradict each other")
  .refine(
    ({ passed, reasons }) => passed === !reasons.some(({ effect }) => effect === "block"),
    "outcome and reasons contradict each other",
  )

/** Reads a verdict document; throws `REPORT_INVALID` with the paths of what is malformed. */
export function parseVerdict(content: string, name = "verdict.json"): Verdict {
  const bounds = { code: "REPORT_INVALID", what: name, maxBytes: maxReportBytes, maxDepth: maxReportDepth } as const
  return checkSchema(verdictSchema, parseJson(content, bounds), "REPORT_INVALID", name)
}
