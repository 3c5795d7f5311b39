// An image as the pipeline walks it: the manifest that a tag stands for, and the platforms that run from it.
import { contentFailure, CsscError } from "../errors.js"
import type { Descriptor } from "../oci/descriptor.js"
import type { Digest } from "../oci/digest.js"
import type { ImageManifest, Manifest } from "../oci/manifest.js"
import { isImageManifestMediaType, isIndexMediaType } from "../oci/media-types.js"
import { formatPlatform, isUnknown, platformOf } from "../oci/platform.js"
import { formatReference, type PinnedReference, type Reference } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import { readImagePlatform } from "./image-config.js"
import { mayRun } from "./may-run.js"
import { missingImage } from "./missing-image.js"
import { readManifest } from "./read-manifest.js"

/** One platform's manifest; `unknown` when nothing that can be read says which platform it is for. */
export type ImagePlatform = { readonly platform: string; readonly digest: Digest; readonly size: number }

export type ImageGraph = {
  readonly reference: PinnedReference
  readonly manifest: Manifest
  readonly platforms: readonly ImagePlatform[]
}

/** The digests that something is said about: the image's own first, then its platforms', each once. */
export function imageDigests({ reference, platforms }: ImageGraph): readonly Digest[] {
  return [...new Set([reference.digest, ...platforms.map(({ digest }) => digest)])]
}

/** What reading an image needs of a registry. */
export type ImageReader = Pick<Registry, "manifest" | "blob">

export const unknownPlatform = "unknown"
/** The platform that no runtime picks, of an entry that is no attestation. */
export const unknownEntry = "unknown/unknown"
/** More platforms than any image has; a hostile index could name thousands. */
export const MAX_PLATFORMS = 64

/** Resolves a reference once: from here on only the digest counts. Throws `REGISTRY_NOT_FOUND`. */
export async function pin(registry: Registry, reference: Reference): Promise<PinnedReference> {
  const digest = reference.digest ?? (await registry.resolve(reference))
  if (digest !== undefined) return { ...reference, digest }
  throw await missingImage(registry, reference)
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
  const name = formatReference(reference)
  const listed = platforms.length + manifest.others.length + manifest.artifacts.length
  if (listed > MAX_PLATFORMS)
    throw new CsscError("LIMIT_EXCEEDED", `${name} lists ${listed} platforms, more than ${MAX_PLATFORMS}`)
  const [unnamed, running] = await Promise.all([
    Promise.all(manifest.others.map((entry) => readEntry(registry, reference, entry))),
    Promise.all(manifest.artifacts.map((entry) => readEntry(registry, reference, entry))),
  ])
  const all = [...platforms, ...running.flat(), ...unnamed.flat()]
  if (all.length === 0)
    throw new CsscError(
      "MANIFEST_UNSUPPORTED",
      `${name} is an index without a platform: there is nothing to run, and so nothing to judge`,
    )
  return all
}

// Runtimes may pick what has no platform as well, by what its config says, so it must not go unjudged. What says that it is
// an artifact is left out when it is one that nobody runs: an entry that only says so is judged like any other, and so is
// an index in the index, which runtimes walk into whatever it says.
async function readEntry(
  registry: ImageReader,
  reference: PinnedReference,
  entry: Descriptor,
): Promise<readonly ImagePlatform[]> {
  const { digest, size } = entry
  const image = await runnable(registry, reference, entry)
  if (image === undefined && entry.artifactType) return []
  const named = platformOf(entry.platform)
  return [{ platform: named === undefined ? unnamed(entry, image) : formatPlatform(named), digest, size }]
}

// One that is named `unknown/unknown` stays what it says. Any other name that cannot be read may be one that a runtime
// reads: an empty `os` is its own to containerd.
function unnamed({ platform }: Descriptor, image: string | undefined): string {
  if (platform === undefined) return image ?? unknownPlatform
  return isUnknown(platform) ? unknownEntry : unknownPlatform
}

/** The platform that an entry's own config names; undefined when the entry is nothing that could run. */
async function runnable(
  registry: ImageReader,
  { registry: host, repository }: PinnedReference,
  { digest, mediaType }: Descriptor,
): Promise<string | undefined> {
  if (isIndexMediaType(mediaType)) return unknownPlatform
  if (!isImageManifestMediaType(mediaType)) return undefined
  const reference = { registry: host, repository, digest }
  try {
    const manifest = await readManifest(registry, reference)
    if (manifest.kind === "index") return unknownPlatform
    if (!mayRun(manifest) || manifest.config === undefined) return undefined
    return (await readImagePlatform(registry, reference, manifest.config)) ?? unknownPlatform
  } catch (error) {
    contentFailure(error)
    return unknownPlatform
  }
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
