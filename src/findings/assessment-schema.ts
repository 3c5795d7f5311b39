// Our own assessment document when it comes as a file: a border like any other, so nothing in it is taken on trust.
import { z } from "zod"
import { type Digest, isDigest } from "../oci/digest.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { type Assessment, problemCodes } from "./assessment.js"
import { severities } from "./finding.js"
import { maxReportBytes, maxReportDepth } from "./trivy-report.js"

export const maxPlatforms = 1000
export const maxFindings = 200_000
const maxUnassessed = 500_000

const text = z.string().max(65_536)
export const digestSchema = z.custom<Digest>((value) => typeof value === "string" && isDigest(value), {
  error: "expected a digest such as sha256:<64 hex digits>",
})
export const timeSchema = z.iso.datetime({ offset: true })
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
export const unassessedSchema = z.strictObject({ purl: text, name: text, version: text })

const sbomSchema = z.strictObject({
  predicateType: text,
  referrer: digestSchema,
  blob: digestSchema,
  envelope: z.enum(["statement", "dsse", "bundle", "document"]),
  format: z.enum(["cyclonedx", "spdx"]),
  components: z.int().min(0),
})

const scanSchema = z.strictObject({
  os: z.strictObject({ family: text, name: text, endOfLife: z.boolean() }).exactOptional(),
  packages: z.int().min(0),
  findings: z.array(findingSchema).max(maxFindings),
  suppressed: z.array(findingSchema).max(maxFindings),
  unassessed: z.array(unassessedSchema).max(maxUnassessed),
  report: digestSchema,
})

const platformSchema = z.strictObject({
  platform: z.string().min(1).max(256),
  digest: digestSchema,
  sbom: sbomSchema.exactOptional(),
  scan: scanSchema.exactOptional(),
  attestations: z.array(text).max(10_000).exactOptional(),
  problems: z.array(z.strictObject({ code: z.enum(problemCodes), message: text })).max(1000),
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
  startedAt: timeSchema,
  finishedAt: timeSchema,
})

/** Reads an assessment document; throws `REPORT_INVALID` with the paths of what is malformed. */
export function parseAssessment(content: string, name = "assessment.json"): Assessment {
  const bounds = { code: "REPORT_INVALID", what: name, maxBytes: maxReportBytes, maxDepth: maxReportDepth } as const
  return checkSchema(assessmentSchema, parseJson(content, bounds), "REPORT_INVALID", name)
}
