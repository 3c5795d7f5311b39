// What an attachment says it is, wherever it says so. Readers differ: one goes by annotations, one by the first of two
// equal keys, one unwraps what another refuses. So a type counts when any of them could see it.
import { MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { predicateTypes } from "../attestation/predicate-types.js"
import { unwrap } from "../attestation/unwrap.js"
import { CsscError } from "../errors.js"
import type { Descriptor } from "../oci/descriptor.js"
import { annotationKeys, mediaTypes } from "../oci/media-types.js"
import type { PinnedReference } from "../oci/reference.js"
import type { DocumentReader, VerifyingReader } from "../image/attached-documents.js"
import { readSoleStatement } from "../image/attached-statement.js"
import { readManifest } from "../image/read-manifest.js"

export type Claims = {
  /** Predicate types that it states or holds. */
  readonly types: readonly string[]
  /** Bytes of a layer that is too large to be looked into. */
  readonly unread?: number
  /** The type of its only statement, when one of our own keys signed it and it is about what it is attached to. */
  readonly proven?: string
}

/** Reads what an attachment claims; `wanted` are types that are looked for in its text as well, trust is in our own keys. */
export async function readClaims(
  { registry, trust }: VerifyingReader,
  attached: PinnedReference,
  wanted: ReadonlySet<string>,
): Promise<Claims> {
  const manifest = await readManifest(registry, attached)
  const layers = manifest.kind === "image" ? manifest.layers : []
  const stated = [manifest, ...layers].flatMap(({ annotations }) => statedTypes(annotations))
  const large = layers.find(({ size }) => size > MAX_ATTESTATION_BYTES)
  if (large !== undefined) return { types: stated, unread: large.size }
  const held = await Promise.all(layers.map((layer) => readLayer(registry, attached, layer, wanted)))
  const types = [...new Set([...stated, ...held.flat()])]
  const proven = await provenType({ registry, trust }, attached)
  return { types, ...(proven === undefined ? {} : { proven }) }
}

// One layer and one statement: what is beside a signed statement was not signed.
async function provenType(own: VerifyingReader, attached: PinnedReference): Promise<string | undefined> {
  if (own.trust.keys.length === 0) return undefined
  const read = await readSoleStatement(own, attached)
  if ("problem" in read || !read.about || read.signature.status !== "verified") return undefined
  return read.statement?.predicateType
}

function statedTypes(annotations: Readonly<Record<string, string>>): string[] {
  const { predicateType, bundlePredicateType, cosignPredicateType } = annotationKeys
  return [predicateType, bundlePredicateType, cosignPredicateType].flatMap((key) => annotations[key] ?? [])
}

async function readLayer(
  registry: DocumentReader,
  attached: PinnedReference,
  layer: Descriptor,
  wanted: ReadonlySet<string>,
): Promise<string[]> {
  const content = await registry.blob(attached, layer)
  // cosign's older signature is no statement, and counts as what its newer one states.
  const signature = layer.mediaType === mediaTypes.cosignSimpleSigning ? [predicateTypes.cosignSignature] : []
  return [...signature, ...typeOf(content), ...mentioned(content.toString("utf8"), wanted)]
}

function typeOf(content: Buffer): string[] {
  try {
    const { statement } = unwrap(content)
    return statement === undefined ? [] : [statement.predicateType]
  } catch (error) {
    if (error instanceof CsscError) return []
    throw error
  }
}

// A statement that we refuse as ambiguous may still be read by others: its text, and the payload of an envelope.
function mentioned(text: string, wanted: ReadonlySet<string>): string[] {
  const payloads = [...text.matchAll(/"payload"\s*:\s*"([A-Za-z0-9+/_=-]+)"/g)].map(([, payload = ""]) =>
    Buffer.from(payload, "base64").toString("utf8"),
  )
  const texts = [text, ...payloads].map(unescaped)
  return [...wanted].filter((type) => texts.some((one) => one.includes(`"${type}"`)))
}

function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll("\\/", "/")
}
