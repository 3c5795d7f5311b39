// One image of a verdict or promotion, with what people are told of it.
import { z } from "zod"
import { digestSchema } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"
import { checkSchema } from "../oci/json.js"
import { formatReference, parseReference } from "../oci/reference.js"

const short = z.string().max(4000)
const list = z.array(z.string().max(256)).max(200_000)

/** Of a verdict, what is told; what else stands there is left alone. */
const verdictPartSchema = z.object({
  image: z.object({ reference: short, digest: digestSchema }),
  outcome: short,
  passed: z.boolean(),
  evaluatedAt: short,
  policy: z.object({ severity: short }),
  remaining: list,
  reasons: z.array(z.object({ code: short, effect: short, message: z.string() })).max(100_000),
  findings: z
    .array(
      z.object({
        id: z.string().max(256),
        severity: short,
        package: short,
        version: short,
        fixedVersion: short.optional(),
        title: z.string().optional(),
        platform: short,
        judgement: short,
      }),
    )
    .max(200_000),
  platforms: z.array(z.object({ platform: short, digest: digestSchema })).max(1000),
  override: z
    .object({ approver: short, reason: short, reference: short, expires: short, state: short, covered: list })
    .optional(),
})
export type VerdictPart = Immutable<z.infer<typeof verdictPartSchema>>

export const edgeSchema = z.object({ subject: digestSchema, digest: digestSchema })
const promotionSchema = z.object({
  outcome: short,
  source: short,
  target: short,
  digest: digestSchema,
  previousDigest: digestSchema.optional(),
  tagged: z.boolean(),
  evidence: z.array(edgeSchema.extend({ predicateType: short })).max(10_000),
  carried: z.array(edgeSchema.extend({ artifactType: short.optional() })).max(10_000),
  deletion: z.object({ status: short, deleted: z.array(z.object({ digest: digestSchema })).max(10_000) }).optional(),
  error: z.string().optional(),
  verdict: verdictPartSchema,
})
export type PromotionPart = Immutable<z.infer<typeof promotionSchema>>

export type ImageOutcome = {
  /** What was done; `judged` is a verdict alone, `monitored` an attestation, `watched` a look at a golden image. */
  readonly kind: "judged" | "promotion" | "monitored" | "watched" | "mirror" | "deletion" | "retirement" | "failed"
  /** registry/repository[:tag][@digest], parsed and written again. */
  readonly reference: string
  readonly digest?: string
  readonly outcome: string
  readonly passed: boolean
  readonly verdict?: VerdictPart
  readonly promotion?: PromotionPart
  /** What else an attestation, mirror or deletion says. */
  readonly document?: unknown
  readonly error?: string
}

/** All that one call did. */
export type Outcomes = { readonly name: string; readonly images: readonly ImageOutcome[] }

const passing: ReadonlySet<string> = new Set(["promote", "unchanged", "dryrun"])

export function readVerdict(json: unknown, name: string, gated = ""): ImageOutcome {
  const verdict = checkSchema(verdictPartSchema, json, "REPORT_INVALID", name)
  const { outcome, passed, image } = verdict
  const isPassed = passed && outcome === "promote"
  const { digest } = image
  const isSame = gated !== "" && untagged(gated) === untagged(image.reference)
  return {
    kind: "judged",
    reference: again(isSame ? gated : image.reference),
    digest,
    outcome,
    passed: isPassed,
    verdict,
  }
}

export function readPromotion(json: unknown, name: string): ImageOutcome {
  const promotion = checkSchema(promotionSchema, json, "REPORT_INVALID", name)
  const { outcome, digest, verdict, error } = promotion
  return {
    kind: outcome === "failed" ? "failed" : "promotion",
    reference: again(promotion.source),
    digest,
    outcome,
    passed: passing.has(outcome),
    verdict,
    promotion,
    ...(error === undefined ? {} : { error: error.slice(0, 4000) }),
  }
}

function untagged(reference: string): string {
  const { tag: _tag, ...rest } = parseReference(reference)
  return formatReference(rest)
}

/** Parsed, so that it is a reference and nothing else. */
export function again(reference: string): string {
  return formatReference(parseReference(reference))
}
