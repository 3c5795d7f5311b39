// Our own assessment document when it comes as a file: a border like any other, so nothing in it is taken on trust.
import { z } from "zod"
import { checkSchema, parseJson } from "../oci/json.js"
import { type Assessment, problemCodes } from "./assessment.js"
import { baselineSchema } from "./baseline-schema.js"
import { severities } from "./finding.js"
import { riskSchema } from "./risk/risk-schema.js"
import { signatureSchema, vexInputSchema } from "./vex-schema.js"
import { digestSchema, text, timeSchema } from "./document-parts.js"
import { maxReportBytes, maxReportDepth } from "./trivy-report.js"

export const maxPlatforms = 1000
export const maxFindings = 200_000
const maxUnassessed = 500_000

export { digestSchema, timeSchema } from "./document-parts.js"
export const methodSchema = z.enum(["image", "sbom"])

const suppressionSchema = z.strictObject({ by: text, statement: text, source: text })

/** The keys of a finding; a judged finding has two more. */
export const findingShape = {
  id: z.string().min(1).max(256),
  aliases: z.array(z.string().max(256)).max(100),
  severity: z.enum(severities),
  purl: text,
  package: text,
  version: text,
  fixedVersion: text.exactOptional(),
  status: text.exactOptional(),
  title: text.exactOptional(),
  url: text.exactOptional(),
  target: text,
  suppression: suppressionSchema.exactOptional(),
}

const findingSchema = z.strictObject(findingShape)
export const unassessedSchema = z.strictObject({ purl: text, name: text, version: text, reason: text.exactOptional() })

const sbomSchema = z.strictObject({
  predicateType: text,
  referrer: digestSchema,
  blob: digestSchema,
  envelope: z.enum(["statement", "dsse", "bundle", "document"]),
  format: z.enum(["cyclonedx", "spdx"]),
  components: z.int().min(0),
  signature: signatureSchema.exactOptional(),
  created: text.exactOptional(),
})

const sbomFactSchema = z.strictObject({ referrer: digestSchema, blob: digestSchema, signature: signatureSchema })

const attestationSchema = z.strictObject({
  predicateType: text,
  referrer: digestSchema,
  signature: signatureSchema,
  created: text.exactOptional(),
})

const purls = z.array(text).max(maxUnassessed)
const comparisonSchema = z.strictObject({
  onlyInImage: purls,
  onlyInSbom: purls,
  common: z.int().min(0),
  os: z.strictObject({ image: text, sbom: text }).exactOptional(),
  missedFindings: purls.exactOptional(),
  problem: text.exactOptional(),
})

const lifecycleSchema = z.strictObject({
  endOfLife: text,
  referrer: digestSchema,
  signature: signatureSchema,
  reason: text.exactOptional(),
  successor: text.exactOptional(),
})

const scanSchema = z.strictObject({
  os: z.strictObject({ family: text, name: text, endOfLife: z.boolean() }).exactOptional(),
  packages: z.int().min(0),
  packageNames: z.array(text).max(maxUnassessed).exactOptional(),
  findings: z.array(findingSchema).max(maxFindings),
  suppressed: z.array(findingSchema).max(maxFindings),
  unassessed: z.array(unassessedSchema).max(maxUnassessed),
  report: digestSchema,
})

const problemSchema = z.strictObject({
  code: z.enum(problemCodes),
  message: text,
  signature: signatureSchema.exactOptional(),
})

const platformSchema = z.strictObject({
  platform: z.string().min(1).max(256),
  digest: digestSchema,
  sbom: sbomSchema.exactOptional(),
  otherSboms: z.array(sbomFactSchema).max(20_000).exactOptional(),
  scan: scanSchema.exactOptional(),
  attestations: z.array(attestationSchema).max(10_000).exactOptional(),
  comparison: comparisonSchema.exactOptional(),
  created: text.exactOptional(),
  problems: z.array(problemSchema).max(20_000),
})

export const databaseSchema = z.strictObject({
  reference: text.exactOptional(),
  digest: digestSchema.exactOptional(),
  version: z.number(),
  updatedAt: timeSchema,
  nextUpdate: timeSchema.exactOptional(),
})

export const toolSchema = z.strictObject({ name: text, version: text, digest: text.exactOptional() })
export const imageSchema = z.strictObject({ reference: text, digest: digestSchema, mediaType: text })

export const assessmentSchema = z.strictObject({
  schema: z.literal("https://cssc.dev/assessment/v1"),
  image: imageSchema,
  method: methodSchema,
  predicateType: text.exactOptional(),
  platforms: z.array(platformSchema).max(maxPlatforms),
  database: databaseSchema.exactOptional(),
  tools: z.array(toolSchema).max(1000),
  signature: signatureSchema.exactOptional(),
  lifecycle: lifecycleSchema.exactOptional(),
  vex: vexInputSchema.exactOptional(),
  risk: riskSchema.exactOptional(),
  baseline: baselineSchema.exactOptional(),
  startedAt: timeSchema,
  finishedAt: timeSchema,
})

/** Reads an assessment document; throws `REPORT_INVALID` with the paths of what is malformed. */
export function parseAssessment(content: string, name = "assessment.json"): Assessment {
  const bounds = { code: "REPORT_INVALID", what: name, maxBytes: maxReportBytes, maxDepth: maxReportDepth } as const
  return checkSchema(assessmentSchema, parseJson(content, bounds), "REPORT_INVALID", name)
}
