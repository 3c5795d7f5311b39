// What the fields of the manifest kinds must be. Unknown fields pass: the bytes, not this view, are what is copied.
import { z } from "zod"
import { annotationsSchema, descriptorSchema } from "./descriptor.js"

export const MAX_INDEX_ENTRIES = 1000
export const MAX_LAYERS = 1000

const subject = descriptorSchema.nullish().transform((value) => value ?? undefined)
const artifactType = z.string().max(255).optional()

export const indexSchema = z.object({
  artifactType,
  manifests: z.array(descriptorSchema).max(MAX_INDEX_ENTRIES),
  annotations: annotationsSchema,
  subject,
})

/** Artifacts without content have none, and Go writes an empty list as `null` in places. */
const layers = z
  .array(descriptorSchema)
  .max(MAX_LAYERS)
  .nullish()
  .transform((all) => all ?? [])

export const imageManifestSchema = z.object({
  artifactType,
  config: descriptorSchema,
  layers,
  annotations: annotationsSchema,
  subject,
})

/** https://github.com/opencontainers/image-spec/blob/v1.1.0-rc2/artifact.md */
export const artifactManifestSchema = z.object({
  artifactType: z.string().max(255),
  blobs: layers,
  annotations: annotationsSchema,
  subject,
})
