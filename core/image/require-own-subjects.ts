// A manifest in an image may itself say that it is attached to something. Where the image is promoted, registries would
// list it there: so it may be attached to this image only, and never speak about another one of the trusted repository.
import { CsscError } from "../errors.js"
import type { Manifest } from "../oci/manifest.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import { readManifest } from "./read-manifest.js"
import { subjectsOf } from "./subjects.js"

/** Throws `MANIFEST_INVALID` for an image with a manifest that is attached to anything else. */
export async function requireOwnSubjects(
  registry: Pick<Registry, "manifest">,
  image: PinnedReference,
  manifest: Manifest,
): Promise<void> {
  const own = subjectsOf(manifest)
  const others = own.filter((digest) => digest !== manifest.digest)
  const children = await Promise.all(others.map((digest) => readManifest(registry, { ...image, digest })))
  for (const { digest, subject } of [manifest, ...children]) {
    if (subject === undefined || own.includes(subject.digest)) continue
    throw new CsscError(
      "MANIFEST_INVALID",
      `${digest} in ${pinnedName(image)} says that it is attached to ${subject.digest}, which is no part of the image: promoted, it would be listed there`,
    )
  }
}
