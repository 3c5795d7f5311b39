// The config of a single image, which is the only place that names its platform.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
import { z } from "zod"
import { CsscError } from "../errors.js"
import type { Descriptor } from "../oci/descriptor.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { isoTime } from "../oci/moment.js"
import { formatPlatform } from "../oci/platform.js"
import { formatReference, type PinnedReference } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import { readManifest } from "./read-manifest.js"

export const MAX_CONFIG_BYTES = 8 * 1024 * 1024
const maxConfigDepth = 64
/** Labels are named by whoever builds: `maintainer` beside `Maintainer` is two labels to all readers. */
const freeMaps: ReadonlySet<string> = new Set(["Labels"])

const configSchema = z.object({
  os: z.string().optional(),
  architecture: z.string().optional(),
  variant: z.string().optional(),
  created: z.string().optional(),
})
type ImageConfig = z.infer<typeof configSchema>
type ConfigReader = Pick<Registry, "blob">

/** `os/architecture[/variant]`, or undefined when the config names none. */
export async function readImagePlatform(
  registry: ConfigReader,
  reference: PinnedReference,
  config: Descriptor,
): Promise<string | undefined> {
  const { os, architecture, variant } = await readConfig(registry, reference, config)
  if (!os || !architecture) return undefined
  return formatPlatform({ os, architecture, ...(variant ? { variant } : {}) })
}

/** When a platform's config says that it was built, ISO 8601; undefined when it does not, or says 1970. */
export async function platformCreated(
  registry: ConfigReader & Pick<Registry, "manifest">,
  reference: PinnedReference,
): Promise<string | undefined> {
  const manifest = await readManifest(registry, reference)
  if (manifest.kind === "index" || !manifest.isImage || manifest.config === undefined) return undefined
  const time = Date.parse((await readConfig(registry, reference, manifest.config)).created ?? "")
  return time <= 0 ? undefined : isoTime(time)
}

async function readConfig(
  registry: ConfigReader,
  reference: PinnedReference,
  config: Descriptor,
): Promise<ImageConfig> {
  if (config.size > MAX_CONFIG_BYTES)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the config of ${formatReference(reference)} is larger than ${MAX_CONFIG_BYTES} bytes`,
    )
  const content = await registry.blob(reference, config)
  const what = `the config of ${formatReference(reference)}`
  const bounds = { code: "MANIFEST_INVALID", what, maxBytes: MAX_CONFIG_BYTES, maxDepth: maxConfigDepth } as const
  return checkSchema(configSchema, parseJson(content, { ...bounds, freeMaps }), "MANIFEST_INVALID", what)
}
