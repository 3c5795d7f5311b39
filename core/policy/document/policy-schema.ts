// A policy file, version 1: every key with its form, its default and its sentence of help, and nowhere else. From this
// come the type Policy, the default policy, what is refused, and docs/policy.schema.json. Unknown keys are refused, so
// that nobody believes that they are enforced.
import { z } from "zod"
import { approvalsSchema } from "./approvals-schema.js"
import { exceptionSchema } from "./exception-schema.js"
import { camelKeys } from "./kebab-keys.js"
import { duration, effect, effectOfEach, effects, maxListLength, platformList } from "./policy-values.js"
import { predicateTypes, severity } from "./policy-values.js"
import { publisherSchema, signaturesSchema, vexSchema } from "./trust-schema.js"

export const maxExceptions = 10_000

const unassessedSchema = effectOfEach({
  packages: effect.prefault("block").describe("Packages that the scanner passes over in silence."),
  "nothing-recognised": effect.prefault("block").describe("A report without a single recognised package."),
  "unsupported-os": effect
    .prefault("block")
    .describe("No package of an operating system was matched: one that the scanner does not know, or none."),
})

const regressionSchema = effectOfEach({
  "new-findings": effect.prefault("block").describe("Vulnerabilities that the promoted image does not have."),
  "new-packages": effect.prefault("report").describe("Packages that the promoted image does not have."),
  "platform-dropped": effect.prefault("block").describe("A platform that only the promoted image has."),
  rollback: effect.prefault("block").describe("An image that was built before the promoted one."),
  "base-os": effect.prefault("report").describe("Another operating system, or another version of it."),
})

type PlatformsPolicy = { kind: "all" } | { kind: "required" | "only"; platforms: string[] }

// `all`: every one in the image. `required`: every one, and the listed ones must be there. `only`: the listed ones,
// which must be there; all others are told, not judged.
const platformsSchema = z
  .union(
    [
      z.literal("all"),
      platformList,
      z.strictObject({ required: platformList.describe("Platforms that must be there; all others decide too.") }),
    ],
    "expected all, a list of platforms such as [linux/amd64], or required: with such a list",
  )
  .transform((value): PlatformsPolicy => {
    if (value === "all") return { kind: "all" }
    return Array.isArray(value) ? { kind: "only", platforms: value } : { kind: "required", platforms: value.required }
  })

const evidenceSchema = z
  .strictObject({
    required: predicateTypes.default([]).describe("Predicate types that every platform must carry."),
    copy: z
      .union([z.literal("all"), predicateTypes], "expected all, or a list of predicate types")
      .prefault("all")
      .describe("Which foreign attestations promotion takes along."),
    "max-age": duration
      .exactOptional()
      .describe("How old SBOMs and required attestations may be. Without it: any age."),
  })
  .transform(camelKeys)

// Trivy's database is rebuilt every 6 hours; five days is also where grype stops (its db.max-allowed-built-age).
const databaseSchema = z
  .strictObject({
    "max-age": duration.prefault("120h").describe("How old it may be."),
    stale: effect.prefault("block").describe("What an older one does."),
    unknown: effect.prefault("block").describe("What it does when nothing says how old it is."),
  })
  .transform(camelKeys)

const verdictSchema = z
  .strictObject({
    "max-age": duration.prefault("24h").describe("How old a verdict may be when it is promoted."),
  })
  .transform(camelKeys)

const epssSchema = z.strictObject({
  threshold: z.number().min(0).max(1).describe("The EPSS score, from 0 to 1, from which it counts."),
  effect: effect.prefault("block").describe(effects),
})

const riskFeedsSchema = z
  .strictObject({
    "max-age": duration.prefault("72h").describe("How old a feed may be."),
    stale: effect.prefault("block").describe("What an older one does."),
    missing: effect.prefault("block").describe("What a feed does that could not be read."),
  })
  .transform(camelKeys)

const ledgerSchema = z.strictObject({
  unused: effect.prefault("report").describe("An exception that covers nothing in this image."),
  expiring: effect.prefault("report").describe("An exception that ends soon."),
  expired: effect.prefault("report").describe("An exception that has ended; it covers nothing in any case."),
  fixable: effect.prefault("report").describe("An exception for what has a fix by now."),
  within: duration.prefault("7d").describe("How long before its end an exception counts as expiring."),
})

export const policySchema = z
  .strictObject({
    version: z.literal(1, "expected version: 1").describe("The version of this format: 1."),
    severity: severity.prefault("HIGH").describe("Vulnerabilities at this severity or above stop the image."),
    "unknown-severity": effect
      .prefault("report")
      .describe(`What a vulnerability does whose severity nobody knows. ${effects}`),
    "fixable-only": z.boolean().prefault(false).describe("Ignore vulnerabilities without a fixed version."),
    unassessed: unassessedSchema
      .prefault("block")
      .describe("What nobody could assess; block or report, or each kind by itself."),
    platforms: platformsSchema
      .prefault("all")
      .describe("Which platforms decide: all, only the listed ones, or all with some that must be there."),
    method: z
      .enum(["image", "sbom"])
      .exactOptional()
      .describe("The only way of assessing that is accepted: by file system (image) or by attached SBOM (sbom)."),
    evidence: evidenceSchema.prefault({}).describe("Attestations on the image's platforms."),
    database: databaseSchema.prefault({}).describe("The scanner's vulnerability database."),
    verdict: verdictSchema.prefault({}).describe("Verdicts at promotion."),
    "end-of-life": effect
      .prefault("block")
      .describe("What an operating system or image does that gets no more security fixes."),
    approvals: approvalsSchema.exactOptional().describe("Who may approve by a comment in an issue, and for how long."),
    exceptions: z
      .array(exceptionSchema)
      .max(maxExceptions, `more than ${maxExceptions} exceptions`)
      .default([])
      .describe("What is accepted, for which images, by whom and until when."),
    ledger: ledgerSchema.prefault({}).describe("What the state of the exceptions themselves does."),
    trusted: z.array(publisherSchema).max(maxListLength).default([]).describe("Whose signatures count."),
    signatures: signaturesSchema.prefault({}).describe("What a missing signature of a trusted publisher does."),
    vex: vexSchema.prefault({}).describe("VEX documents, and whose count."),
    "known-exploited": effect
      .exactOptional()
      .describe("What a vulnerability of CISA's catalogue does, at any severity. Without it nobody looks."),
    epss: epssSchema
      .exactOptional()
      .describe("What a vulnerability does that is likely to be exploited. Without it nobody looks."),
    "risk-feeds": riskFeedsSchema.prefault({}).describe("The feeds behind known-exploited and epss."),
    regression: regressionSchema
      .exactOptional()
      .describe(
        "The image against the promoted one; block or report, or each kind by itself. Without it nobody compares.",
      ),
    "cross-examination": effect
      .exactOptional()
      .describe("What a difference between SBOM and file system does. Without it nobody compares."),
  })
  .transform(camelKeys)
