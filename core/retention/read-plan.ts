// A plan of retention that somebody looked at: the digests that it would delete.
import { z } from "zod"
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { digestSchema } from "../oci/document-parts.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { retentionSchemaId } from "./retention.js"

const maxBytes = 64 * 1024 * 1024
const maxImages = 10_000

const planSchema = z.object({
  schema: z.literal(retentionSchemaId),
  repository: z.string().max(1000),
  images: z.array(z.object({ digest: digestSchema, decision: z.enum(["delete", "keep"]) })).max(maxImages),
})

/** Throws `REPORT_INVALID` for what is no plan, or one of another repository. */
export function readRetentionPlan(text: string, repository: string): ReadonlySet<Digest> {
  const what = "the plan"
  const value = parseJson(text, { code: "REPORT_INVALID", what, maxBytes, maxDepth: 20 })
  const plan = checkSchema(planSchema, value, "REPORT_INVALID", what)
  if (plan.repository !== repository)
    throw new CsscError("REPORT_INVALID", `${what} is of ${plan.repository}, expected ${repository}`)
  return new Set(plan.images.filter(({ decision }) => decision === "delete").map(({ digest }) => digest))
}
