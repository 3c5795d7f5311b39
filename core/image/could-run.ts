// Which manifest that is called an attestation holds what a runtime could run. Types prove nothing: Docker unpacks whatever
// is called `application/vnd.docker.…`, as BuildKit's attestations may be, and not every runtime asks for a type.
// https://github.com/moby/moby/blob/v28.5.2/distribution/pull_v2.go (checkSupportedMediaType)
import { contentFailure, CsscError, isNotFound } from "../errors.js"
import type { Descriptor } from "../oci/descriptor.js"
import type { Digest } from "../oci/digest.js"
import type { Manifest } from "../oci/manifest.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import { isText } from "./is-text.js"
import { mayRun } from "./may-run.js"

/** All attestations of one image that are looked into; a platform's SBOM has up to a few megabytes. */
export const MAX_ATTESTED_BYTES = 256 * 1024 * 1024
export const MAX_ATTESTED_LAYERS = 1000

export type Runnable = { readonly digest: Digest; readonly why: string }

/** The first that could be run, or of which nobody can tell. Throws `LIMIT_EXCEEDED` for more than is looked into. */
export async function findRunnable(
  registry: Pick<Registry, "blob">,
  image: PinnedReference,
  manifests: readonly Manifest[],
): Promise<Runnable | undefined> {
  const index = manifests.find(({ kind }) => kind === "index")
  if (index !== undefined) return { digest: index.digest, why: "it is an index" }
  const layers = manifests.flatMap((manifest) =>
    manifest.kind === "image" && mayRun(manifest)
      ? manifest.layers.map((layer) => ({ of: manifest.digest, layer }))
      : [],
  )
  const bytes = layers.reduce((sum, { layer }) => sum + layer.size, 0)
  if (layers.length > MAX_ATTESTED_LAYERS || bytes > MAX_ATTESTED_BYTES)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the attestations in ${pinnedName(image)} have ${layers.length} layers of ${bytes} bytes: at most ${MAX_ATTESTED_LAYERS} of ${MAX_ATTESTED_BYTES} are looked into`,
    )
  const found = await Promise.all(
    layers.map(async ({ of, layer }) => ({ digest: of, why: await whyNoText(registry, image, layer) })),
  )
  return found.find((one): one is Runnable => one.why !== undefined)
}

async function whyNoText(
  registry: Pick<Registry, "blob">,
  image: PinnedReference,
  layer: Descriptor,
): Promise<string | undefined> {
  try {
    return isText(await registry.blob(image, layer)) ? undefined : `its layer ${layer.digest} is no text`
  } catch (error) {
    // What is not there now may be there when it is promoted.
    if (!isNotFound(error)) contentFailure(error)
    return `its layer ${layer.digest} cannot be read`
  }
}
