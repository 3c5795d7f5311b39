// Puts referrers that are stored but not listed back into their subject's listing. On registries without a referrers
// API a copy writes the manifest first and the listing after; when it stops between the two, copy tools find the
// manifest there and never list it again.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject
import { CsscError } from "../errors.js"
import { parseManifest } from "../oci/manifest.js"
import { mediaTypes } from "../oci/media-types.js"
import { type Repository, repositoryName } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import { referrersTag } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"

/** One subject after the other; what is listed already stays, and what is not stored is not listed. */
export async function relist(registry: Registry, target: Repository, unlisted: readonly Referrer[]): Promise<void> {
  const { registry: host, repository } = target
  const stored = await Promise.all(
    unlisted.map(({ digest }) => registry.resolve({ registry: host, repository, digest })),
  )
  const referrers = unlisted.filter((_, index) => stored[index] !== undefined)
  for (const subject of new Set(referrers.map((one) => one.subject))) {
    const tag = referrersTag(subject)
    const content = await registry.manifest({ registry: host, repository, tag })
    const listed = content === undefined ? [] : entriesOf(content, `${repositoryName(target)}:${tag}`)
    const added = referrers.filter(
      (one) => one.subject === subject && !listed.some(({ digest }) => digest === one.digest),
    )
    const manifests = [...listed, ...added.map(entryOf)]
    const index = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests })
    if (added.length > 0) await registry.putManifest({ registry: host, repository }, index, mediaTypes.ociIndex, tag)
  }
}

type Entry = { readonly digest: string }

function entriesOf(content: string, reference: string): readonly Entry[] {
  if (parseManifest(content, { reference }).kind === "index")
    return (JSON.parse(content) as { manifests: Entry[] }).manifests
  throw new CsscError(
    "REFERRERS_UNTRUSTED",
    `${reference} is not a list of referrers: the registry answers the tag with something else`,
  )
}

function entryOf({ mediaType, digest, size, artifactType, annotations }: Referrer) {
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === "" ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  }
}
