// One exception of a policy file.
import { z } from "zod"
import { expiryOf } from "./expiry.js"
import { imageGlobs, moment, platformList, purlPattern, shortText, vulnerabilityId } from "./policy-values.js"

/** Of these keys, one is enough. */
export function oneOf(...keys: readonly string[]) {
  return { anyOf: keys.map((key) => ({ required: [key] })) }
}

/** `expires` stays as written; `expiresAt` is its moment, in ISO 8601. Without images it is about every one. */
export const exceptionSchema = z
  .strictObject({
    id: vulnerabilityId.exactOptional().describe("A vulnerability's id or one of its aliases. No wildcards."),
    package: purlPattern
      .exactOptional()
      .describe("A purl pattern, such as pkg:deb/debian/openssl or pkg:npm/lodash@4.17.*."),
    images: imageGlobs.default([]).describe("Globs over registry/repository. Without it: every image."),
    platforms: platformList.default([]).describe("The platforms it is about. Without it: all."),
    reason: shortText.describe("Why it is accepted."),
    owner: shortText.exactOptional().describe("Who answers for it."),
    expires: moment
      .exactOptional()
      .describe("YYYY-MM-DD, to the end of that day in UTC, or RFC 3339. Strongly advised."),
  })
  .refine((value) => value.id !== undefined || value.package !== undefined, "needs an id, a package, or both")
  .meta({ description: "One exception: an id, a package, or both, and a reason.", ...oneOf("id", "package") })
  .transform((value) => {
    const expiresAt = value.expires === undefined ? undefined : expiryOf(value.expires)
    return { ...value, ...(expiresAt === undefined ? {} : { expiresAt }) }
  })
