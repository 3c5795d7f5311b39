// The policy's `approvals`: who may answer by a comment in an issue, and for how long.
import { z } from "zod"
import { camelKeys } from "./kebab-keys.js"
import { duration } from "./policy-values.js"

/** As of an override. */
const maxApprovalAge = 90 * 24 * 60 * 60 * 1000

export const approvalsSchema = z
  .strictObject({
    self: z
      .enum(["refuse", "allow"])
      .prefault("refuse")
      .describe("Whether whoever acquired the image, or started the run that asks, may answer: refuse or allow."),
    "unknown-acquirer": z
      .enum(["refuse", "allow"])
      .prefault("refuse")
      .describe(
        "Whether anybody may answer when nothing that we signed says who acquired the image; for self: refuse.",
      ),
    role: z
      .enum(["maintain", "admin"])
      .prefault("maintain")
      .describe("The least role in the project: maintain (GitLab: Maintainer) or admin (GitLab: Owner)."),
    max: duration
      .refine((value) => value <= maxApprovalAge, "is more than 90d")
      .prefault("90d")
      .describe("How far ahead an approval may end, at most 90d."),
  })
  .transform(camelKeys)

/** Who may approve, where the policy says nothing. */
export const defaultApprovals = approvalsSchema.parse({})
