// Descriptors: typed, sized pointers by digest.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md
import { z } from "zod"
import { type Digest, digestOf, isDigest } from "./digest.js"
import { mediaTypes } from "./media-types.js"
import { platformSchema } from "./platform.js"

export const digestSchema = z.custom<Digest>(
  (value) => typeof value === "string" && isDigest(value),
  "expected a digest (sha256:<64 hex digits>)",
)

/** Go writes an empty map as `null` in places. */
export const annotationsSchema = z
  .record(z.string(), z.string())
  .nullish()
  .transform((annotations) => annotations ?? {})

export const mediaTypeSchema = z.string().min(1).max(255)

export const descriptorSchema = z.object({
  mediaType: mediaTypeSchema,
  digest: digestSchema,
  size: z.int().nonnegative(),
  annotations: annotationsSchema,
  artifactType: z.string().max(255).optional(),
  platform: platformSchema.nullish().transform((platform) => platform ?? undefined),
  data: z.string().optional(),
})

export type Descriptor = Readonly<z.infer<typeof descriptorSchema>>

/**
 * Of `{}`, the config of what is no image.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor
 */
export const emptyDescriptor = { mediaType: mediaTypes.ociEmpty, digest: digestOf("{}"), size: 2 } as const
