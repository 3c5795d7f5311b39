// A manifest in an image may itself say that it is attached to something. Where the image is promoted, registries would
// list it there: so it may be attached to this image only, and never speak about another one of the trusted repository. And
// one that is called an attestation is judged by nobody: it must be none that could be run from there by its digest.
import { CsscError } from "../errors.js"
import type { Manifest } from "../oci/manifest.js"
import { isAttestation } from "../oci/media-types.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import { mayRun } from "./may-run.js"
import { readManifest } from "./read-manifest.js"
import { subjectsOf } from "./subjects.js"

/** Throws `MANIFEST_INVALID` for an image with a manifest that is attached to anything else, or an attestation that could run. */
export async function requireOwnSubjects(
  registry: Pick<Registry, "manifest">,
  image: PinnedReference,
  manifest: Manifest,
): Promise<void> {
  const own = subjectsOf(manifest)
  const others = own.filter((digest) => digest !== manifest.digest)
  const children = await Promise.all(others.map((digest) => readManifest(registry, { ...image, digest })))
  requireNoHiddenImage(image, manifest, children)
  for (const { digest, subject } of [manifest, ...children]) {
    if (subject === undefined || own.includes(subject.digest)) continue
    throw new CsscError(
      "MANIFEST_INVALID",
      `${digest} in ${pinnedName(image)} says that it is attached to ${subject.digest}, which is no part of the image: promoted, it would be listed there`,
    )
  }
}

function requireNoHiddenImage(image: PinnedReference, manifest: Manifest, children: readonly Manifest[]): void {
  if (manifest.kind !== "index") return
  const judged = new Set(manifest.platforms.map(({ descriptor }) => descriptor.digest))
  const hidden = manifest.attestations
    .flatMap(({ descriptor }) => children.find(({ digest }) => digest === descriptor.digest) ?? [])
    .find((child) => !judged.has(child.digest) && couldRun(child))
  if (hidden === undefined) return
  throw new CsscError(
    "MANIFEST_INVALID",
    `${hidden.digest} in ${pinnedName(image)} is called an attestation and could be run: promoted, nobody would have judged it`,
  )
}

function couldRun(manifest: Manifest): boolean {
  if (manifest.kind === "index") return true
  return mayRun(manifest) && manifest.layers.some(({ mediaType }) => !isAttestation(mediaType))
}
