// A manifest in an image may itself say that it is attached to something. Where the image is promoted, registries would
// list it there: so it may be attached to this image only, and never speak about another one of the trusted repository. And
// one that is called an attestation is judged by nobody: it must be none that could be run from there by its digest.
import { CsscError } from "../errors.js"
import type { Manifest } from "../oci/manifest.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import { findRunnable } from "./could-run.js"
import { readManifest } from "./read-manifest.js"
import { subjectsOf } from "./subjects.js"

/** Throws `MANIFEST_INVALID` for an image with a manifest that is attached to anything else, or an attestation that could run. */
export async function requireOwnSubjects(
  registry: Pick<Registry, "manifest" | "blob">,
  image: PinnedReference,
  manifest: Manifest,
): Promise<void> {
  const own = subjectsOf(manifest)
  const others = own.filter((digest) => digest !== manifest.digest)
  const children = await Promise.all(others.map((digest) => readManifest(registry, { ...image, digest })))
  await requireNoHiddenImage(registry, image, manifest, children)
  for (const { digest, subject } of [manifest, ...children]) {
    if (subject === undefined || own.includes(subject.digest)) continue
    throw new CsscError(
      "MANIFEST_INVALID",
      `${digest} in ${pinnedName(image)} says that it is attached to ${subject.digest}, which is no part of the image: promoted, it would be listed there`,
    )
  }
}

async function requireNoHiddenImage(
  registry: Pick<Registry, "blob">,
  image: PinnedReference,
  manifest: Manifest,
  children: readonly Manifest[],
): Promise<void> {
  if (manifest.kind !== "index") return
  const judged = new Set(manifest.platforms.map(({ descriptor }) => descriptor.digest))
  const called = new Set(manifest.attestations.map(({ descriptor }) => descriptor.digest))
  const hidden = children.filter(({ digest }) => called.has(digest) && !judged.has(digest))
  const found = await findRunnable(registry, image, hidden)
  if (found === undefined) return
  throw new CsscError(
    "MANIFEST_INVALID",
    `${found.digest} in ${pinnedName(image)} is called an attestation and could be run (${found.why}): promoted, nobody would have judged it`,
  )
}
