// Documents of one predicate type that are attached to a manifest, fetched with what is known of their signatures:
// referrers, BuildKit's entries in the index, cosign's attestation tag. Nothing is trusted here; whoever asked checks
// what a document is about.
import { MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { documentCandidates, documentLayers } from "../attestation/document-candidates.js"
import type { SignatureFact } from "../attestation/signature.js"
import { unsigned } from "../attestation/signature.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { contentFailure } from "../errors.js"
import type { Descriptor } from "../oci/descriptor.js"
import type { Digest } from "../oci/digest.js"
import type { ImageManifest, Manifest } from "../oci/manifest.js"
import { bare, type PinnedReference, type Repository } from "../oci/reference.js"
import type { Referrer, ReferrerTree } from "../oci/referrers.js"
import { digestTags } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"
import { readManifest } from "./read-manifest.js"
import { documentSignature } from "./signatures.js"
import { isLying } from "./subjects.js"

export type DocumentReader = Pick<Registry, "manifest" | "referrers" | "blob" | "resolve">

/** A registry to read from, and whose signatures count on what is read. */
export type VerifyingReader = { readonly registry: DocumentReader; readonly trust: TrustStore }

/** A manifest that may carry the document. */
export type Place = {
  readonly digest: Digest
  /** What it is about when it names no subject itself. */
  readonly attachedTo?: Digest
  /** What is attached to it: signatures. */
  readonly referrers: readonly Referrer[]
}

export type AttachedDocument = {
  readonly referrer: Digest
  readonly manifest: ImageManifest
  readonly attachedTo?: Digest
  readonly blob: Digest
  /** Its bytes; or why they could not be fetched. */
  readonly content: Uint8Array | { readonly error: string }
  readonly signature: SignatureFact
}

/** What is listed for a subject; a registry that answers with the image itself has nothing attached. */
export async function listReferrers(
  registry: Pick<Registry, "referrers">,
  subject: PinnedReference,
  image: Manifest,
): Promise<ReferrerTree | undefined> {
  const { registry: host, repository, digest } = subject
  const tree = await registry.referrers({ registry: host, repository, digest })
  if (tree === undefined) return undefined
  return isLying(tree, image) ? { subject: tree.subject, referrers: [] } : tree
}

/** Where documents of a type may be: among the referrers, and in the index that lists the subject. */
export function placesOf(tree: ReferrerTree, image: Manifest, predicateType: string): readonly Place[] {
  const listed = documentCandidates(tree.referrers, predicateType)
  const attached = listed.map(({ digest, referrers }) => ({ digest, referrers }))
  const entries = image.kind === "index" ? image.attestations.filter(({ subject }) => subject === tree.subject) : []
  const inIndex = entries.map(({ descriptor }) => ({
    digest: descriptor.digest,
    attachedTo: tree.subject,
    referrers: [],
  }))
  return [...attached, ...inIndex]
}

/** cosign's older place: a tag made of the digest. It costs a request for each subject. */
export async function attestationTag(registry: Pick<Registry, "resolve">, subject: PinnedReference): Promise<Place[]> {
  const tag = digestTags(subject.digest).find((name) => name.endsWith(".att"))
  if (tag === undefined) return []
  const digest = await registry.resolve({ registry: subject.registry, repository: subject.repository, tag })
  return digest === undefined ? [] : [{ digest, attachedTo: subject.digest, referrers: [] }]
}

/**
 * The documents of a type in one place; `problem` says why the place cannot be read by what is in it, which whoever
 * attached it made so. A registry that does not give it throws: it could hide anybody's.
 */
export async function readPlace(
  reader: VerifyingReader,
  subject: PinnedReference,
  place: Place,
  predicateType: string,
): Promise<{ readonly documents: readonly AttachedDocument[]; readonly problem?: string }> {
  try {
    const manifest = await readManifest(reader.registry, { ...subject, digest: place.digest })
    if (manifest.kind === "index") return { documents: [] }
    const layers = documentLayers(manifest, predicateType)
    const documents = layers.map((layer) => readLayer(reader, { ...place, manifest, repository: bare(subject) }, layer))
    return { documents: await Promise.all(documents) }
  } catch (error) {
    return { documents: [], problem: `attachment ${place.digest} cannot be read: ${contentFailure(error).reason}` }
  }
}

type ReadManifest = { readonly manifest: ImageManifest; readonly repository: Repository }

async function readLayer(
  { registry, trust }: VerifyingReader,
  { digest, attachedTo, referrers, manifest, repository }: Place & ReadManifest,
  layer: Descriptor,
): Promise<AttachedDocument> {
  const base = { referrer: digest, manifest, ...(attachedTo === undefined ? {} : { attachedTo }), blob: layer.digest }
  if (layer.size > MAX_ATTESTATION_BYTES) {
    const error = `it has ${layer.size} bytes, more than ${MAX_ATTESTATION_BYTES}`
    return { ...base, content: { error }, signature: unsigned }
  }
  const content = await registry.blob(repository, layer)
  const carrier = { ...repository, digest, referrers }
  return { ...base, content, signature: await documentSignature({ registry, trust }, carrier, content) }
}
