// Inspect: what a reference stands for now, its platforms, and what is attached to each.
import { statedPredicateType } from "../attestation/document-candidates.js"
import type { Digest } from "../oci/digest.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import { flattenReferrers, type ReferrerTree } from "../oci/referrers.js"
import { digestTags } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"
import { readImage } from "./image-graph.js"
import { listAttached, subjectsOf } from "./subjects.js"

export type Attachment = {
  readonly subject: Digest
  readonly digest: Digest
  readonly artifactType: string
  /** As its annotations state it; the statement itself decides when it is used. */
  readonly predicateType?: string
  readonly size: number
}

export type ImageReport = {
  readonly schema: "https://cssc.dev/image/v1"
  readonly reference: string
  readonly digest: Digest
  readonly mediaType: string
  readonly annotations: Readonly<Record<string, string>>
  readonly platforms: readonly {
    readonly platform: string
    readonly digest: Digest
    readonly attached: readonly Attachment[]
  }[]
  /** On the index itself, or on the only manifest. */
  readonly attached: readonly Attachment[]
  /** cosign's older attachments, by tag. */
  readonly digestTags: readonly string[]
  /** BuildKit's attestations inside the index. */
  readonly buildkitAttestations: readonly Digest[]
  readonly notes: readonly string[]
}

export async function inspect(registry: Registry, reference: PinnedReference): Promise<ImageReport> {
  const { manifest, platforms } = await readImage(registry, reference)
  const [attached, tags] = await Promise.all([listAttached(registry, reference, manifest), registry.tags(reference)])
  const wanted = new Set(subjectsOf(manifest).flatMap(digestTags))
  const of = (digest: Digest) => attached.trees.filter(({ subject }) => subject === digest).flatMap(describe)
  return {
    schema: "https://cssc.dev/image/v1",
    reference: pinnedName(reference),
    digest: reference.digest,
    mediaType: manifest.mediaType,
    annotations: manifest.annotations,
    platforms: platforms.map(({ platform, digest }) => ({
      platform,
      digest,
      attached: digest === reference.digest ? [] : of(digest),
    })),
    attached: of(reference.digest),
    digestTags: (tags ?? []).filter((tag) => wanted.has(tag)),
    buildkitAttestations:
      manifest.kind === "index" ? manifest.attestations.map(({ descriptor }) => descriptor.digest) : [],
    notes: [
      ...attached.absent.map((digest) => `the manifest ${digest} is listed, but not in the repository`),
      ...attached.lying.map(
        (digest) => `the registry lists the image itself as what is attached to ${digest}: it has no referrers`,
      ),
    ],
  }
}

function describe(tree: ReferrerTree): Attachment[] {
  return flattenReferrers(tree).map(({ subject, digest, artifactType, annotations, size }) => {
    const predicateType = statedPredicateType(annotations)
    return { subject, digest, artifactType, size, ...(predicateType === undefined ? {} : { predicateType }) }
  })
}
