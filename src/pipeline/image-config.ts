// The config of a single image, which is the only place that names its platform.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
import { z } from "zod"
import { CsscError } from "../errors.js"
import type { Descriptor } from "../oci/descriptor.js"
import { formatPlatform } from "../oci/platform.js"
import { formatReference, type PinnedReference } from "../oci/reference.js"
import type { Registry } from "./ports.js"

export const MAX_CONFIG_BYTES = 8 * 1024 * 1024

const configSchema = z.object({
  os: z.string().optional(),
  architecture: z.string().optional(),
  variant: z.string().optional(),
})

/** `os/architecture[/variant]`, or undefined when the config names none. */
export async function readImagePlatform(
  registry: Registry,
  reference: PinnedReference,
  config: Descriptor,
): Promise<string | undefined> {
  if (config.size > MAX_CONFIG_BYTES)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the config of ${formatReference(reference)} is larger than ${MAX_CONFIG_BYTES} bytes`,
    )
  const content = await registry.blob(reference, config)
  try {
    const { os, architecture, variant } = configSchema.parse(JSON.parse(content.toString("utf8")))
    if (!os || !architecture) return undefined
    return formatPlatform({ os, architecture, ...(variant ? { variant } : {}) })
  } catch {
    throw new CsscError(
      "MANIFEST_INVALID",
      `the config of ${formatReference(reference)} is not an image config: expected JSON with os and architecture`,
    )
  }
}
