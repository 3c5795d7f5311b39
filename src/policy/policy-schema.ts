// The shape of a policy file, version 1. Keys that later versions bring are refused by name, so that nobody believes
// that they are enforced.
import { z } from "zod"
import { severities } from "../findings/finding.js"
import { durationOf } from "./duration.js"
import { expiryOf } from "./expiry.js"
import { imageGlobProblem } from "./image-glob.js"
import { isPlatformName } from "./platform-match.js"
import { purlPatternProblem } from "./purl-pattern.js"
import { isVulnerabilityId } from "./vulnerability-id.js"

export const maxExceptions = 10_000
const maxListLength = 1000

const shortText = z.string().trim().min(1, "must not be empty").max(1000)
const effect = z.enum(["block", "report"])
const severity = z.preprocess((value) => (typeof value === "string" ? value.toUpperCase() : value), z.enum(severities))
const duration = z.string().transform((value, context) => {
  const milliseconds = durationOf(value)
  if (milliseconds !== undefined) return milliseconds
  context.addIssue({ code: "custom", message: "is not a duration: expected a number and m, h, d or w, such as 48h" })
  return z.NEVER
})
const platform = z.string().refine(isPlatformName, "is not a platform: expected os/architecture, such as linux/amd64")
const platformList = z.array(platform).min(1, "must name a platform").max(maxListLength)
const predicateTypes = z.array(z.url("is not a predicate type: expected a URI").max(1000)).max(maxListLength)

function notYet(name: string) {
  const message = `not supported yet: "${name}" is not enforced by this version, so it is refused; remove it`
  return z.undefined({ error: message }).optional()
}

function checked(problem: (text: string) => string | undefined) {
  return z.string().superRefine((value, context) => {
    const message = problem(value)
    if (message !== undefined) context.addIssue({ code: "custom", message })
  })
}

const exceptionSchema = z
  .strictObject({
    id: z.string().refine(isVulnerabilityId, "is not the id of a vulnerability, such as CVE-2024-1234").optional(),
    package: checked(purlPatternProblem).optional(),
    images: z.array(checked(imageGlobProblem)).min(1, "must name an image").max(maxListLength).optional(),
    platforms: platformList.optional(),
    reason: shortText,
    owner: shortText.optional(),
    expires: checked((value) =>
      expiryOf(value) === undefined ? "is not a date: expected YYYY-MM-DD or RFC 3339" : undefined,
    ).optional(),
  })
  .refine((value) => value.id !== undefined || value.package !== undefined, "needs an id, a package, or both")

const unassessedSchema = z.union(
  [
    effect,
    z.strictObject({
      packages: effect.optional(),
      "nothing-recognised": effect.optional(),
      "unsupported-os": effect.optional(),
    }),
  ],
  "expected block or report, or a mapping of packages, nothing-recognised, unsupported-os to one of them",
)

const platformsSchema = z.union(
  [z.literal("all"), platformList, z.strictObject({ required: platformList })],
  "expected all, a list of platforms such as [linux/amd64], or required: with such a list",
)

export const policySchema = z.strictObject({
  version: z.literal(1, "expected version: 1"),
  severity: severity.optional(),
  "unknown-severity": effect.optional(),
  "fixable-only": z.boolean().optional(),
  unassessed: unassessedSchema.optional(),
  platforms: platformsSchema.optional(),
  method: z.enum(["image", "sbom"]).optional(),
  evidence: z
    .strictObject({
      required: predicateTypes.optional(),
      copy: z.union([z.literal("all"), predicateTypes], "expected all, or a list of predicate types").optional(),
      "max-age": notYet("evidence.max-age"),
      signatures: notYet("evidence.signatures"),
      "trusted-keys": notYet("evidence.trusted-keys"),
    })
    .optional(),
  database: z
    .strictObject({ "max-age": duration.optional(), stale: effect.optional(), unknown: effect.optional() })
    .optional(),
  verdict: z.strictObject({ "max-age": duration.optional() }).optional(),
  "end-of-life": effect.optional(),
  exceptions: z.array(exceptionSchema).max(maxExceptions, `more than ${maxExceptions} exceptions`).optional(),
  signatures: notYet("signatures"),
  trusted: notYet("trusted"),
  vex: notYet("vex"),
  "known-exploited": notYet("known-exploited"),
  epss: notYet("epss"),
  regression: notYet("regression"),
})

export type PolicyDocument = z.infer<typeof policySchema>
