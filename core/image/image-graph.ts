// An image as the pipeline walks it: the manifest that a tag stands for, and the platforms that run from it.
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import type { ImageManifest, Manifest } from "../oci/manifest.js"
import { formatPlatform } from "../oci/platform.js"
import { formatReference, type PinnedReference, type Reference } from "../oci/reference.js"
import { readImagePlatform } from "./image-config.js"
import { notThere, readManifest } from "./read-manifest.js"
import type { Registry } from "../ports.js"

/** One platform's manifest; `unknown` when nothing says which platform it is for. */
export type ImagePlatform = { readonly platform: string; readonly digest: Digest; readonly size: number }

export type ImageGraph = {
  readonly reference: PinnedReference
  readonly manifest: Manifest
  readonly platforms: readonly ImagePlatform[]
}

/** What reading an image needs of a registry. */
export type ImageReader = Pick<Registry, "manifest" | "blob">

export const unknownPlatform = "unknown"
/** More platforms than any image has; a hostile index could name thousands. */
export const MAX_PLATFORMS = 64

/** Resolves a reference once: from here on only the digest counts. Throws `REGISTRY_NOT_FOUND`. */
export async function pin(registry: Registry, reference: Reference): Promise<PinnedReference> {
  const digest = reference.digest ?? (await registry.resolve(reference))
  if (digest !== undefined) return { ...reference, digest }
  throw notThere(reference)
}

/** Reads an image with its platforms; an artifact that is no image is refused. */
export async function readImage(registry: ImageReader, reference: PinnedReference): Promise<ImageGraph> {
  const manifest = await readManifest(registry, reference)
  return { reference, manifest, platforms: await listPlatforms(registry, reference, manifest) }
}

async function listPlatforms(
  registry: ImageReader,
  reference: PinnedReference,
  manifest: Manifest,
): Promise<ImagePlatform[]> {
  if (manifest.kind === "image") return [await singlePlatform(registry, reference, manifest)]
  const platforms = manifest.platforms.map(({ platform, descriptor: { digest, size } }) => ({
    platform: formatPlatform(platform),
    digest,
    size,
  }))
  // Runtimes may pick what has no platform as well, so it must not go unjudged.
  const unnamed = manifest.others.map(({ digest, size }) => ({ platform: unknownPlatform, digest, size }))
  const all = [...platforms, ...unnamed]
  const name = formatReference(reference)
  if (all.length > MAX_PLATFORMS)
    throw new CsscError("LIMIT_EXCEEDED", `${name} lists ${all.length} platforms, more than ${MAX_PLATFORMS}`)
  if (all.length === 0)
    throw new CsscError(
      "MANIFEST_UNSUPPORTED",
      `${name} is an index without a platform: there is nothing to run, and so nothing to judge`,
    )
  return all
}

async function singlePlatform(
  registry: ImageReader,
  reference: PinnedReference,
  manifest: ImageManifest,
): Promise<ImagePlatform> {
  if (!manifest.isImage || manifest.config === undefined)
    throw new CsscError(
      "MANIFEST_UNSUPPORTED",
      `${formatReference(reference)} is an artifact of type ${manifest.artifactType}, not a container image`,
    )
  const platform = await readImagePlatform(registry, reference, manifest.config)
  return { platform: platform ?? unknownPlatform, digest: manifest.digest, size: manifest.size }
}
