// The shape of a policy file, version 1. Unknown keys are refused, so that nobody believes that they are enforced.
import { z } from "zod"
import {
  duration,
  effect,
  imageGlobs,
  issuer,
  maxListLength,
  moment,
  platformList,
  predicateTypes,
  publicKey,
  purlPattern,
  severity,
  shortText,
  vulnerabilityId,
} from "./policy-schema-parts.js"

export const maxExceptions = 10_000
const maxKeys = 100

/** Of these keys, one is enough. */
function oneOf(...keys: readonly string[]) {
  return { anyOf: keys.map((key) => ({ required: [key] })) }
}

const exceptionSchema = z
  .strictObject({
    id: vulnerabilityId.optional(),
    package: purlPattern.optional(),
    images: imageGlobs.optional(),
    platforms: platformList.optional(),
    reason: shortText,
    owner: shortText.optional(),
    expires: moment.optional(),
  })
  .refine((value) => value.id !== undefined || value.package !== undefined, "needs an id, a package, or both")
  .meta(oneOf("id", "package"))

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

const publisherSchema = z
  .strictObject({
    publisher: shortText,
    keys: z.array(publicKey).min(1, "must hold a public key").max(maxKeys).optional(),
    identities: z
      .array(z.strictObject({ issuer, subject: shortText }))
      .min(1)
      .max(maxKeys)
      .optional(),
    images: imageGlobs.optional(),
  })
  .refine((value) => value.keys !== undefined || value.identities !== undefined, "needs keys, identities, or both")
  .meta(oneOf("keys", "identities"))

const namesSchema = z.union(
  [z.literal("all"), z.array(shortText).max(maxListLength)],
  "expected all, or a list of names",
)

const vexSchema = z.strictObject({
  referrers: z.boolean().optional(),
  publishers: namesSchema.optional(),
  authors: namesSchema.optional(),
  conflict: effect.optional(),
  unusable: effect.optional(),
})

const regressionSchema = z.union(
  [
    effect,
    z.strictObject({
      "new-findings": effect.optional(),
      "new-packages": effect.optional(),
      "platform-dropped": effect.optional(),
      rollback: effect.optional(),
      "base-os": effect.optional(),
    }),
  ],
  "expected block or report, or a mapping of new-findings, new-packages, platform-dropped, rollback, base-os to one of them",
)

const ledgerSchema = z.strictObject({
  unused: effect.optional(),
  expiring: effect.optional(),
  expired: effect.optional(),
  fixable: effect.optional(),
  within: duration.optional(),
})

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
      "max-age": duration.optional(),
    })
    .optional(),
  database: z
    .strictObject({ "max-age": duration.optional(), stale: effect.optional(), unknown: effect.optional() })
    .optional(),
  verdict: z.strictObject({ "max-age": duration.optional() }).optional(),
  "end-of-life": effect.optional(),
  exceptions: z.array(exceptionSchema).max(maxExceptions, `more than ${maxExceptions} exceptions`).optional(),
  ledger: ledgerSchema.optional(),
  trusted: z.array(publisherSchema).max(maxListLength).optional(),
  signatures: z
    .strictObject({ image: effect.optional(), sbom: effect.optional(), evidence: effect.optional() })
    .optional(),
  vex: vexSchema.optional(),
  "known-exploited": effect.optional(),
  epss: z.strictObject({ threshold: z.number().min(0).max(1), effect: effect.optional() }).optional(),
  "risk-feeds": z
    .strictObject({ "max-age": duration.optional(), stale: effect.optional(), missing: effect.optional() })
    .optional(),
  regression: regressionSchema.optional(),
  "cross-examination": effect.optional(),
})

export type PolicyDocument = z.infer<typeof policySchema>
