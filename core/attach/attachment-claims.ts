// What an attachment says it is, wherever it says so. Readers differ: one goes by annotations, one by the first of two
// equal keys, one unwraps what another refuses. So a type counts when any of them could see it, and what could be taken in
// two ways is unclear.
import { MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { trustsNobody } from "../attestation/trust-store.js"
import { contentFailure, isNotFound } from "../errors.js"
import type { VerifyingReader } from "../image/attached-documents.js"
import { readSoleStatement } from "../image/attached-statement.js"
import { mayRun } from "../image/may-run.js"
import { readManifest } from "../image/read-manifest.js"
import { emptyDescriptor } from "../oci/descriptor.js"
import { childDigests, type ImageManifest, type IndexManifest, type Manifest } from "../oci/manifest.js"
import { annotationKeys, mediaTypes } from "../oci/media-types.js"
import type { PinnedReference } from "../oci/reference.js"
import type { Claims } from "./claims.js"
import { layerClaims } from "./layer-claims.js"

/** Manifests of one attachment that are looked into: an index that lists more is no attachment. */
const maxManifests = 50

/**
 * Reads what an attachment claims; `wanted` are types that are looked for in its text as well, trust is in our own keys. An
 * index claims what its manifests claim.
 */
export function readClaims(
  own: VerifyingReader,
  attached: PinnedReference,
  wanted: ReadonlySet<string>,
): Promise<Claims> {
  return claimsOf({ own, wanted, left: { manifests: maxManifests } }, attached)
}

type Reading = {
  readonly own: VerifyingReader
  readonly wanted: ReadonlySet<string>
  /** Shared by all manifests of one attachment. */
  readonly left: { manifests: number }
}

async function claimsOf(reading: Reading, attached: PinnedReference): Promise<Claims> {
  const { own, wanted, left } = reading
  if (left.manifests-- <= 0) return unclear(`it lists more than ${maxManifests} manifests`)
  const manifest = await readManifest(own.registry, attached).catch(contentFailure)
  if (manifest instanceof Error) return unclear(manifest.reason)
  const about = manifest.subject === undefined ? {} : { subject: manifest.subject.digest }
  const base = { types: statedTypes(manifest), endsLife: endsLife(manifest), runs: false, ...about }
  if (manifest.kind === "index") return merge(base, await indexClaims(reading, attached, manifest))
  const large = manifest.layers.find(({ size }) => size > MAX_ATTESTATION_BYTES)
  if (large !== undefined) return { ...base, unread: large.size, runs: mayUnpack(manifest) }
  const held = await Promise.all(manifest.layers.map((layer) => layerClaims(own.registry, attached, layer, wanted)))
  const proven = await provenType(own, attached)
  const runs = mayUnpack(manifest) && held.some(({ isText }) => !isText)
  return merge({ ...base, runs, ...(proven === undefined ? {} : { proven }) }, held)
}

/** The claims of what an index lists: it comes along with the index, and with a subject of its own it is attached there. */
async function indexClaims(
  reading: Reading,
  attached: PinnedReference,
  manifest: IndexManifest,
): Promise<readonly Claims[]> {
  const children = [...childDigests(manifest)].slice(0, reading.left.manifests + 1)
  return Promise.all(
    children.map(async (digest) => {
      try {
        const { subject, proven: _proven, ...claims } = await claimsOf(reading, { ...attached, digest })
        if (subject === undefined) return claims
        return { ...claims, unclear: `it lists ${digest}, which is attached to ${subject} by itself` }
      } catch (error) {
        if (!isNotFound(error)) throw error
        return unclear(`it lists ${digest}, which is not there`)
      }
    }),
  )
}

type Part = Pick<Claims, "types" | "unread" | "unclear" | "endsLife"> & Partial<Pick<Claims, "runs">>

function merge(base: Claims, parts: readonly Part[]): Claims {
  const reason = [base, ...parts].find((part) => part.unclear !== undefined)?.unclear
  const unread = parts.find((part) => part.unread !== undefined)?.unread
  return {
    ...base,
    types: [...new Set([...base.types, ...parts.flatMap(({ types }) => types)])],
    endsLife: base.endsLife || parts.some((part) => part.endsLife),
    runs: base.runs || parts.some((part) => part.runs === true),
    ...(reason === undefined ? {} : { unclear: reason }),
    ...(unread === undefined ? {} : { unread }),
  }
}

// What was not read may be anything, an image as well.
function unclear(reason: string): Claims {
  return { types: [], endsLife: false, runs: true, unclear: reason }
}

// Signatures and SBOMs are attached with an image's config, too, and oras names any file a layer: what tells an image is a
// config with something in it, and a layer that is no text.
function mayUnpack(manifest: ImageManifest): boolean {
  return mayRun(manifest) && manifest.config?.digest !== emptyDescriptor.digest
}

// One layer and one statement: what is beside a signed statement was not signed.
async function provenType(own: VerifyingReader, attached: PinnedReference): Promise<string | undefined> {
  if (trustsNobody(own.trust)) return undefined
  const read = await readSoleStatement(own, attached)
  if ("problem" in read || !read.about || read.signature.status !== "verified") return undefined
  return read.statement?.predicateType
}

// Older readers go by the config's type.
function endsLife(manifest: Manifest): boolean {
  const config = manifest.kind === "image" ? manifest.config?.mediaType : undefined
  return manifest.artifactType === mediaTypes.lifecycle || config === mediaTypes.lifecycle
}

function statedTypes(manifest: Manifest): string[] {
  const { predicateType, bundlePredicateType, cosignPredicateType } = annotationKeys
  const layers = manifest.kind === "image" ? manifest.layers : []
  return [manifest, ...layers].flatMap(({ annotations }) =>
    [predicateType, bundlePredicateType, cosignPredicateType].flatMap((key) => annotations[key] ?? []),
  )
}
