// Manifests: an image, an index of images, or an artifact. The bytes are the identity; this is a view of them.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/{manifest,image-index}.md
import { CsscError } from "../errors.js"
import type { Descriptor } from "./descriptor.js"
import { type Digest, digestOf, matchesDigest } from "./digest.js"
import { type AttestationEntry, type PlatformManifest, sortEntries } from "./index-entries.js"
import { checkSchema, isRecord, type JsonBounds, parseJson } from "./json.js"
import { detectMediaType } from "./manifest-kind.js"
import { artifactManifestSchema, imageManifestSchema, indexSchema } from "./manifest-schema.js"
import { isArtifactManifestMediaType, isAttestation, isImageConfigMediaType, isIndexMediaType } from "./media-types.js"

export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024
export const MAX_MANIFEST_DEPTH = 32

type Common = {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly annotations: Readonly<Record<string, string>>
  readonly subject?: Descriptor
}

/** An index: what it lists is sorted by what may run (`platforms`) and what may not. */
export type IndexManifest = Common & {
  readonly kind: "index"
  readonly artifactType?: string
  readonly platforms: readonly PlatformManifest[]
  /** BuildKit's attestations, which live in the index itself. */
  readonly attestations: readonly AttestationEntry[]
  /** Entries that say they are artifacts: they run only if their manifest does. */
  readonly artifacts: readonly Descriptor[]
  /** Nested indexes and entries without a platform: runtimes may still pick these, so they must not go unjudged. */
  readonly others: readonly Descriptor[]
}

/** An image or artifact manifest. */
export type ImageManifest = Common & {
  readonly kind: "image"
  /** `artifactType`, else the config's media type, which is what older clients mean by it. */
  readonly artifactType: string
  /** Absent in the withdrawn OCI artifact manifest. */
  readonly config?: Descriptor
  readonly layers: readonly Descriptor[]
  /** Whether this is a container image, as opposed to an artifact. */
  readonly isImage: boolean
}

export type Manifest = IndexManifest | ImageManifest

/** Where bytes came from; with a digest, they are checked against it. */
export type ManifestOrigin = { readonly reference: string; readonly digest?: Digest }

/** Reads a manifest; throws `DIGEST_MISMATCH`, `MANIFEST_INVALID`, `MANIFEST_UNSUPPORTED` or `LIMIT_EXCEEDED`. */
export function parseManifest(bytes: Uint8Array | string, origin: ManifestOrigin): Manifest {
  const what = `the manifest of ${origin.reference}`
  const bounds: JsonBounds = {
    code: "MANIFEST_INVALID",
    what,
    maxBytes: MAX_MANIFEST_BYTES,
    maxDepth: MAX_MANIFEST_DEPTH,
    onlyIntegers: true,
  }
  checkDigest(bytes, origin)
  const value = parseJson(bytes, bounds)
  if (!isRecord(value)) throw new CsscError("MANIFEST_INVALID", `${what} is not a JSON object`)
  const mediaType = detectMediaType(value, what)
  const size = typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.byteLength
  const identity = { mediaType, digest: origin.digest ?? digestOf(bytes), size }
  if (isIndexMediaType(mediaType)) return readIndex(value, identity, what)
  if (isArtifactManifestMediaType(mediaType)) return readArtifact(value, identity, what)
  return readImage(value, identity, what)
}

/** The platforms' digests, each once: what has to be scanned. */
export function uniqueDigests(platforms: readonly PlatformManifest[]): readonly Digest[] {
  return [...new Set(platforms.map((entry) => entry.descriptor.digest))]
}

/** The blobs of an image, as it names them: its config, if any, and its layers. */
export function blobsOf({ config, layers }: ImageManifest): readonly Descriptor[] {
  return config === undefined ? layers : [config, ...layers]
}

/** Every digest that a manifest itself points at, its subject aside. */
export function childDigests(manifest: Manifest): ReadonlySet<Digest> {
  if (manifest.kind === "image") return new Set(blobsOf(manifest).map((child) => child.digest))
  const entries = [...manifest.platforms, ...manifest.attestations].map((entry) => entry.descriptor)
  return new Set([...entries, ...manifest.artifacts, ...manifest.others].map((child) => child.digest))
}

type Identity = Pick<Common, "mediaType" | "digest" | "size">

function checkDigest(bytes: Uint8Array | string, { reference, digest }: ManifestOrigin): void {
  if (digest === undefined || matchesDigest(bytes, digest)) return
  throw new CsscError(
    "DIGEST_MISMATCH",
    `the manifest of ${reference} has digest ${digestOf(bytes)}, expected ${digest}: do not trust this registry or proxy`,
  )
}

function readIndex(value: unknown, identity: Identity, what: string): IndexManifest {
  const { annotations, artifactType, subject, manifests } = checkSchema(indexSchema, value, "MANIFEST_INVALID", what)
  return {
    kind: "index",
    ...identity,
    annotations,
    ...(artifactType ? { artifactType } : {}),
    ...(subject ? { subject } : {}),
    ...sortEntries(manifests),
  }
}

function readImage(value: unknown, identity: Identity, what: string): ImageManifest {
  const manifest = checkSchema(imageManifestSchema, value, "MANIFEST_INVALID", what)
  const { annotations, config, layers, subject } = manifest
  // cosign's .sig and .att manifests claim an image config, but carry no layer that could run.
  const attests = layers.length > 0 && layers.every((layer) => isAttestation(layer.mediaType))
  return {
    kind: "image",
    ...identity,
    annotations,
    artifactType: manifest.artifactType || config.mediaType,
    config,
    layers,
    ...(subject ? { subject } : {}),
    isImage: isImageConfigMediaType(config.mediaType) && !attests,
  }
}

function readArtifact(value: unknown, identity: Identity, what: string): ImageManifest {
  const { annotations, artifactType, blobs, subject } = checkSchema(
    artifactManifestSchema,
    value,
    "MANIFEST_INVALID",
    what,
  )
  const attached = subject ? { subject } : {}
  return { kind: "image", ...identity, annotations, artifactType, layers: blobs, ...attached, isImage: false }
}
