// Manifests by digest.
import { CsscError } from "../errors.js"
import { type Manifest, parseManifest } from "../oci/manifest.js"
import { formatReference, pinnedName, type PinnedReference, type Reference } from "../oci/reference.js"
import type { Registry } from "../ports.js"

/** Reads a manifest by digest; throws when it is not there or not what the digest says. */
export async function readManifest(
  registry: Pick<Registry, "manifest">,
  reference: PinnedReference,
): Promise<Manifest> {
  const bytes = await registry.manifest({ ...reference, digest: reference.digest })
  if (bytes === undefined) throw notThere(reference)
  return parseManifest(bytes, { reference: pinnedName(reference), digest: reference.digest })
}

export function notThere(reference: Reference): CsscError {
  return new CsscError(
    "REGISTRY_NOT_FOUND",
    `${formatReference(reference)} is not there: check the repository and the tag, and that the credentials may read it`,
  )
}
