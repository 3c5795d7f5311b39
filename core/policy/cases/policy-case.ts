// The shape of a file of cases, version 1: what a policy must say about an image. Teams review it beside the policy.
import { z } from "zod"
import {
  duration,
  moment,
  platformList,
  predicateTypes,
  severity,
  shortText,
  vulnerabilityId,
} from "../document/policy-values.js"
import { isReference } from "../exceptions/image-glob.js"
import { outcomes, reasonCodes } from "../verdict/verdict.js"

export const maxCases = 1000
const maxItems = 10_000

const oneLine = shortText.regex(/^[^\p{Cc}\u2028\u2029]*$/u, "must be one line")
const purl = z
  .string()
  .max(4096)
  .regex(/^pkg:[a-z][a-z0-9.+-]*\/.+/, "is not a package URL, such as pkg:npm/lodash@4.17.20")
const purls = z.array(purl).max(maxItems)
const ids = z.array(vulnerabilityId).max(maxItems)
const missing = z.literal("missing")

const findingSchema = z.strictObject({
  id: vulnerabilityId,
  aliases: ids.optional(),
  severity,
  package: purl.optional(),
  "fixed-version": shortText.optional(),
  status: shortText.optional(),
  platform: shortText.optional(),
})

export const signatureStates = ["signed", "unsigned", "untrusted", "invalid"] as const
export const sbomProblems = ["missing", "unreadable", "empty", "ambiguous", "foreign"] as const

/** What is not named is in order: so a case says only what it is about. */
const givenSchema = z.strictObject({
  method: z.enum(["image", "sbom"]).optional(),
  platforms: platformList.optional(),
  findings: z.array(findingSchema).max(maxItems).optional(),
  unassessed: purls.optional(),
  sbom: z.enum([...signatureStates, ...sbomProblems]).optional(),
  "only-in-image": purls.optional(),
  "only-in-sbom": purls.optional(),
  evidence: predicateTypes.optional(),
  "evidence-signature": z.enum(signatureStates).optional(),
  "evidence-age": duration.optional(),
  "image-signature": z.enum(signatureStates).optional(),
  "signed-by": shortText.optional(),
  "database-age": z.union([z.literal("unknown"), duration], "expected unknown, or a duration such as 48h").optional(),
  "os-end-of-life": z.boolean().optional(),
  "end-of-life": moment.optional(),
  "known-exploited": z.union([missing, ids], "expected missing, or a list of ids").optional(),
  epss: z
    .union(
      [missing, z.record(vulnerabilityId, z.number().min(0).max(1))],
      "expected missing, or a mapping of ids to scores",
    )
    .optional(),
  "feed-age": duration.optional(),
  promoted: z
    .union(
      [z.literal("none"), z.strictObject({ findings: ids.optional(), platforms: platformList.optional() })],
      "expected none, or a mapping of findings and platforms",
    )
    .optional(),
})

const codes = z.array(z.enum(reasonCodes)).max(reasonCodes.length)
const expectSchema = z
  .strictObject({
    outcome: z.enum(outcomes).optional(),
    reasons: codes.optional(),
    reports: codes.min(1, "must name a reason").optional(),
    remaining: ids.optional(),
    excepted: ids.optional(),
  })
  .refine((value) => Object.keys(value).length > 0, "expects nothing: a case that cannot fail proves nothing")

const caseSchema = z
  .strictObject({
    name: oneLine,
    image: z.string().refine(isReference, "is not an image reference").optional(),
    at: moment.optional(),
    given: givenSchema.optional(),
    assessment: shortText.optional(),
    expect: expectSchema,
  })
  .refine(
    (value) => value.given === undefined || value.assessment === undefined,
    "has given and assessment: only one counts",
  )
  .refine(
    (value) => value.image === undefined || value.assessment === undefined,
    "has an assessment, which names its image",
  )

export const casesSchema = z.strictObject({
  version: z.literal(1, "expected version: 1"),
  cases: z.array(caseSchema).min(1, "must hold a case: a check that cannot fail proves nothing").max(maxCases),
})

export type PolicyCase = z.infer<typeof caseSchema>
export type Given = z.infer<typeof givenSchema>
