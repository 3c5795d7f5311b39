// A fleet file (cssc.yaml), version 1: every key with its form, its default and its sentence of help, and nowhere else.
// From this come the types, what is refused, and docs/fleet.schema.json. Unknown keys are refused, so that nobody
// believes that they do something; credentials have no key at all.
import { z } from "zod"
import { resolvePredicateType } from "../../attestation/predicate-types.js"
import { camelKeys } from "../../policy/document/kebab-keys.js"
import { policySchema } from "../../policy/document/policy-schema.js"
import { duration, visibleName } from "../../policy/document/policy-values.js"
import { MAX_CONCURRENCY, MAX_REQUESTS_PER_SECOND, MIN_REQUESTS_PER_SECOND } from "../../ports.js"
import { globs, pattern, platforms, registryName, repository } from "./fleet-values.js"

/** Mirrors, and promotions, of one file. */
export const MAX_ENTRIES = 1000
const maxRegistries = 1000
const maxPolicies = 100

const registrySchema = z
  .strictObject({
    name: registryName.describe("host[:port], as images name it."),
    "requests-per-second": z
      .number()
      .min(MIN_REQUESTS_PER_SECOND)
      .max(MAX_REQUESTS_PER_SECOND)
      .exactOptional()
      .describe("At most this many a second."),
    concurrency: z.int().min(1).max(MAX_CONCURRENCY).exactOptional().describe("Requests under way at once."),
    anonymous: z.boolean().default(false).describe("Read, or written, without a login."),
  })
  .transform(camelKeys)

const ageSchema = z.strictObject({
  max: duration.exactOptional().describe("Not older than this, such as 90d."),
  min: duration.exactOptional().describe("At least this old, such as 3d."),
  unknown: z
    .enum(["fail", "include", "exclude"])
    .default("fail")
    .describe("What a tag does whose age nothing tells: fail as unknown-age, or be taken or left out."),
})

const tagsSchema = z
  .strictObject({
    glob: globs.min(1, "must have a pattern").exactOptional().describe("One of these must match, such as 3.14-*."),
    exclude: globs.exactOptional().describe("None of these may match."),
    regex: pattern((regex) => ({ regex }))
      .exactOptional()
      .describe("Must match the whole tag (RE2: linear time, no look-around, no back references)."),
    "exclude-regex": pattern((excludeRegex) => ({ excludeRegex }))
      .exactOptional()
      .describe("Must not match the whole tag."),
    semver: pattern((semver) => ({ semver }))
      .exactOptional()
      .describe('A range of versions, such as ">=3.12 <4".'),
    newest: z.int().min(1).exactOptional().describe("Only the newest N versions."),
    prereleases: z.boolean().exactOptional().describe("With newest: pre-releases too. Default: false."),
    age: ageSchema.exactOptional().describe("By when the image was made; see docs/fleets.md."),
  })
  .transform(camelKeys)

const predicateType = z
  .string()
  .regex(
    /^(?:cyclonedx|spdx|[A-Za-z][A-Za-z0-9+.-]*:\S{1,500})$/,
    "is not a predicate type: expected cyclonedx, spdx or a URI",
  )
  .transform(resolvePredicateType)

const referrers = z.enum(["with-image", "always", "never"])
const tagsHelp = "Which tags; all of these conditions must hold. Without it: every image tag."
const missingHelp = "Accept a repository or a pattern that has no tag. Default: false."

const mirrorOptions = {
  tags: tagsSchema.exactOptional().describe(tagsHelp),
  referrers: referrers
    .exactOptional()
    .describe(
      "What is attached: comes with-image and is not looked at while the image is unchanged, is looked at always, or never. Default: with-image.",
    ),
  history: z
    .boolean()
    .exactOptional()
    .describe("Remember what was acquired, and acquire nothing twice. Default: true."),
  provenance: z.boolean().exactOptional().describe("Attach acquisition provenance to what came. Default: true."),
  platforms: platforms.exactOptional().describe("Only these: another image, with another digest. Default: all."),
  "new-digest": z.boolean().exactOptional().describe("Accept the new digest that platforms gives. Default: false."),
  "allow-missing": z.boolean().exactOptional().describe(missingHelp),
}

const promotionOptions = {
  tags: tagsSchema.exactOptional().describe(tagsHelp),
  policy: visibleName
    .exactOptional()
    .describe("The name of one of the policies here. Default: the policy of the call."),
  method: z.enum(["sbom", "image"]).exactOptional().describe("How it is scanned. Default: sbom."),
  "predicate-type": predicateType
    .exactOptional()
    .describe("The SBOM's predicate type, or cyclonedx or spdx. Default: CycloneDX, else SPDX."),
  "delete-source": z.boolean().exactOptional().describe("Delete what was promoted from the source. Default: false."),
  "judge-again": z
    .boolean()
    .exactOptional()
    .describe("Judge also what the target's tag has already; attest does that without pulling. Default: false."),
  "allow-missing": z.boolean().exactOptional().describe(missingHelp),
}

const ends = {
  source: repository.describe("Where from: registry/repository."),
  target: repository.describe("Where to: registry/repository; tags keep their names."),
}

const entries = <T extends z.ZodType>(schema: T) => z.array(schema).max(MAX_ENTRIES).default([])

export const mirrorEntrySchema = z.strictObject({ ...ends, ...mirrorOptions }).transform(camelKeys)
export const promotionEntrySchema = z.strictObject({ ...ends, ...promotionOptions }).transform(camelKeys)

const defaultsSchema = z.strictObject({
  mirrors: z.strictObject(mirrorOptions).transform(camelKeys).exactOptional().describe("Of every mirror."),
  promotions: z.strictObject(promotionOptions).transform(camelKeys).exactOptional().describe("Of every promotion."),
})

export const fleetSchema = z.strictObject({
  version: z.literal(1, "expected version: 1").describe("The version of this format: 1."),
  registries: z
    .array(registrySchema)
    .max(maxRegistries)
    .default([])
    .describe("Registries by name. Logins come from with-registry-auth or --docker-config, never from here."),
  policies: z
    .record(visibleName, policySchema)
    .refine((all) => Object.keys(all).length <= maxPolicies, `more than ${maxPolicies} policies`)
    .default({})
    .describe("Policies by name, each as a policy file has it."),
  defaults: defaultsSchema.default({}).describe("What entries do that say nothing else."),
  mirrors: entries(mirrorEntrySchema).describe("What is acquired."),
  promotions: entries(promotionEntrySchema).describe("What is gated and promoted."),
})

export type FleetFile = z.infer<typeof fleetSchema>
export type TagsFile = z.infer<typeof tagsSchema>
