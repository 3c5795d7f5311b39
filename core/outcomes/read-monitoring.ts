// A look at golden images, or at a quarantine, read back: one entry for each image.
import { z } from "zod"
import { digestSchema } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"
import { checkSchema } from "../oci/json.js"
import { judgements } from "../policy/verdict/verdict.js"
import { deletionSchema } from "./read-other.js"
import { again, edgeSchema, type ImageOutcome, type Outcomes } from "./read-promotion.js"

const maxImages = 10_000
const maxFindings = 200_000
const short = z.string().max(4000)
const tags = z.array(z.string().max(128)).min(1).max(maxImages)
const finding = z.object({ id: short, package: short })
const detailed = finding.extend({
  severity: short,
  judgement: z.enum(judgements),
  platforms: z.array(short).max(1000),
  fixedIn: short.optional(),
  firstSeen: short,
})

export const monitoredSchema = z.object({
  tags,
  digest: digestSchema,
  state: z.enum(["unchanged", "changed", "first"]),
  outcome: short,
  passed: z.boolean(),
  evaluatedAt: short,
  reasons: z.array(short).max(1000),
  before: z.object({ outcome: short, evaluatedAt: short }).optional(),
  appeared: z.array(detailed).max(maxFindings),
  gone: z.array(finding).max(maxFindings),
  altered: z.array(detailed).max(maxFindings),
  proof: z
    .object({
      attached: z
        .array(edgeSchema.extend({ predicateType: short }))
        .max(maxImages)
        .default([]),
    })
    .optional(),
})
export type MonitoredPart = Immutable<z.infer<typeof monitoredSchema>>

const unreadSchema = z.object({ tags, digest: digestSchema.optional(), state: z.literal("unread"), error: z.string() })
const monitoringSchema = z.object({
  repository: short,
  images: z.array(z.union([monitoredSchema, unreadSchema])).max(maxImages),
})

export function readMonitoring(json: unknown, name: string): Outcomes {
  const { repository, images } = checkSchema(monitoringSchema, json, "REPORT_INVALID", name)
  return { name: repository, images: images.map((image) => monitoredOutcome(repository, image)) }
}

type Row = z.infer<typeof monitoringSchema>["images"][number]

function monitoredOutcome(repository: string, image: Row): ImageOutcome {
  const { tags: own, digest } = image
  const suffix = digest === undefined ? "" : `@${digest}`
  const reference = again(`${repository}:${own[0] ?? ""}${suffix}`)
  if (image.state === "unread") {
    const error = image.error.slice(0, 4000)
    return { kind: "failed", reference, outcome: "failed", passed: false, error }
  }
  const { outcome, passed } = image
  return { kind: "watched", reference, digest: image.digest, outcome, passed, document: image }
}

const retentionSchema = z.object({
  repository: short,
  applied: z.boolean(),
  images: z
    .array(
      z.object({
        tags,
        digest: digestSchema,
        decision: z.enum(["delete", "keep"]),
        done: deletionSchema.pick({ status: true, deleted: true }).optional(),
      }),
    )
    .max(maxImages),
})

/** What a retention deleted, or tried to; a plan did nothing. */
export function readRetention(json: unknown, name: string): Outcomes {
  const { repository, images } = checkSchema(retentionSchema, json, "REPORT_INVALID", name)
  const done = images.flatMap(({ tags: own, digest, done: result }): ImageOutcome[] => {
    if (result === undefined) return []
    const image = again(`${repository}:${own[0] ?? ""}@${digest}`)
    const { status } = result
    const document = { image, dryRun: false, ...result }
    return [{ kind: "deletion", reference: image, digest, outcome: status, passed: status !== "failed", document }]
  })
  return { name: repository, images: done }
}
