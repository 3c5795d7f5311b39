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
} from "../../findings/assessment-schema.js"
import { signatureStatuses } from "../../attestation/signature.js"
import { severities } from "../../findings/finding.js"
import { feedSchema } from "../../findings/risk/risk-schema.js"
import { signatureSchema } from "../../findings/vex-schema.js"
import { maxReportBytes, maxReportDepth } from "../../findings/trivy-report.js"
import { checkSchema, parseJson } from "../../oci/json.js"
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
  sbomSignature: signatureSchema.exactOptional(),
})

const useSchema = z.strictObject({
  id: text.exactOptional(),
  package: text.exactOptional(),
  reason: text,
  owner: text.exactOptional(),
  expires: text.exactOptional(),
  state: z.enum(["used", "unused", "expired", "expiring"]),
  uses: z.int().min(0),
  packages: z.array(text).exactOptional(),
  fixedIn: z.array(text).exactOptional(),
})

const overrideSchema = z.strictObject({
  digest: digestSchema,
  approver: text,
  reason: text,
  reference: text,
  cves: ids,
  expires: timeSchema,
  grantedAt: timeSchema,
  state: z.enum(["used", "unused", "expired"]),
  covered: ids,
  notFound: ids,
})

const vexSchema = z.strictObject({
  source: text,
  digest: digestSchema,
  format: z.enum(["openvex", "cyclonedx", "csaf"]),
  author: text,
  publisher: text.exactOptional(),
  signature: z.enum(signatureStatuses),
  trusted: z.boolean(),
  why: text.exactOptional(),
  suppressed: z.array(z.strictObject({ id: text, platform: text, purl: text })).max(maxFindings),
  unmatched: z.array(text).max(1000),
  statements: z.int().min(0),
})

const names = z.array(text).max(500_000)
const regressionSchema = z.strictObject({
  baseline: text,
  digest: digestSchema,
  newFindings: names,
  fixedFindings: names,
  sameFindings: z.int().min(0),
  newPackages: names,
  removedPackages: names,
  droppedPlatforms: names,
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
    override: overrideSchema.exactOptional(),
    vex: z.array(vexSchema).max(10_000).exactOptional(),
    regression: regressionSchema.exactOptional(),
    riskFeeds: z.array(feedSchema).max(10).exactOptional(),
    assessment: digestSchema,
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
  return parseVerdictValue(parseJson(content, bounds), name)
}

/** Reads a verdict that is a JSON value already: the predicate of a statement. */
export function parseVerdictValue(value: unknown, name: string): Verdict {
  return checkSchema(verdictSchema, value, "REPORT_INVALID", name)
}
