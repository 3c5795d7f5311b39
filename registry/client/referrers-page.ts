// One list of referrers: an OCI index whose entries name an artifact type.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
import { z } from "zod"
import { annotationsSchema, digestSchema, mediaTypeSchema } from "../../core/oci/descriptor.js"
import type { Digest } from "../../core/oci/digest.js"
import { checkSchema, parseJson } from "../../core/oci/json.js"
import { MAX_DISCOVERY_BYTES, type Referrer } from "../../core/oci/referrers.js"

export type ReferrerEntry = Omit<Referrer, "subject" | "referrers">

const maxDepth = 16
const entrySchema = z.object({
  digest: digestSchema,
  mediaType: mediaTypeSchema,
  size: z.int().nonnegative(),
  artifactType: z.string().max(255).default(""),
  annotations: annotationsSchema,
})
// Left to each entry's own check: a list of a thousand wrong ones is told by its first.
const pageSchema = z.object({
  manifests: z
    .array(z.unknown())
    .nullish()
    .transform((manifests) => manifests ?? []),
})

/** Reads a list; throws `REFERRERS_UNTRUSTED` or `LIMIT_EXCEEDED`. */
export function parseReferrersPage(bytes: Buffer, subject: Digest): readonly ReferrerEntry[] {
  const code = "REFERRERS_UNTRUSTED"
  const what = `the list of referrers of ${subject}`
  const value = parseJson(bytes, { code, what, maxBytes: MAX_DISCOVERY_BYTES, maxDepth })
  const { manifests } = checkSchema(pageSchema, value, code, what)
  return manifests.map((entry) => checkSchema(entrySchema, entry, code, `a referrer of ${subject}`))
}
