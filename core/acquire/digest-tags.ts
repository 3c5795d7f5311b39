// cosign's older attachments: tags named after the digest they belong to (`sha256-<hex>.sig`, `.att`, `.sbom`).
// https://github.com/sigstore/cosign/blob/v2.4.1/specs/SIGNATURE_SPEC.md#storage
import { allEnded } from "../all-ended.js"
import { subjectsOf } from "../image/subjects.js"
import type { Manifest } from "../oci/manifest.js"
import type { PinnedReference, Repository } from "../oci/reference.js"
import { digestTags } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"

/** One listing of a repository's tags serves all of its images. */
export type TagListing = () => Promise<readonly string[] | undefined>

/** The digest tags that exist for an image and its platforms. */
export async function listDigestTags(listing: TagListing, manifest: Manifest): Promise<readonly string[]> {
  const wanted = new Set(subjectsOf(manifest).flatMap(digestTags))
  return ((await listing()) ?? []).filter((tag) => wanted.has(tag))
}

/** Copies digest tags that differ or are missing; returns those that were copied. */
export async function copyDigestTags(
  registry: Registry,
  tags: readonly string[],
  source: Repository,
  target: Repository,
): Promise<string[]> {
  const copied = await allEnded(tags.map((tag) => copyDigestTag(registry, tag, source, target)))
  return tags.filter((_, index) => copied[index])
}

async function copyDigestTag(
  registry: Registry,
  tag: string,
  source: Repository,
  target: Repository,
): Promise<boolean> {
  const [from, to] = await Promise.all([registry.resolve(at(source, tag)), registry.resolve(at(target, tag))])
  if (from === undefined || from === to) return false
  const pinned: PinnedReference = { ...at(source, tag), digest: from }
  await registry.copy({
    source: pinned,
    target: { registry: target.registry, repository: target.repository },
    tag,
    referrers: false,
  })
  return true
}

function at({ registry, repository }: Repository, tag: string) {
  return { registry, repository, tag }
}
