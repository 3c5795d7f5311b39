// What one layer of an attachment claims, by its content.
import { predicateTypes } from "../attestation/predicate-types.js"
import { unwrap } from "../attestation/unwrap.js"
import { contentFailure } from "../errors.js"
import type { DocumentReader } from "../image/attached-documents.js"
import { isText } from "../image/is-text.js"
import type { Descriptor } from "../oci/descriptor.js"
import { mediaTypes } from "../oci/media-types.js"
import type { PinnedReference } from "../oci/reference.js"
import type { Claims } from "./claims.js"
import { unclearContent } from "./unclear-content.js"

export async function layerClaims(
  registry: DocumentReader,
  attached: PinnedReference,
  layer: Descriptor,
  wanted: ReadonlySet<string>,
): Promise<Pick<Claims, "types" | "unclear" | "endsLife"> & { readonly isText: boolean }> {
  const content = await registry.blob(attached, layer)
  // cosign's older signature is no statement, and counts as what its newer one states.
  const signature = layer.mediaType === mediaTypes.cosignSimpleSigning ? [predicateTypes.cosignSignature] : []
  const types = [...signature, ...typeOf(content), ...mentioned(content.toString("utf8"), wanted)]
  const unclear = unclearContent(content, layer.mediaType)
  return { types, endsLife: false, isText: isText(content), ...(unclear === undefined ? {} : { unclear }) }
}

function typeOf(content: Buffer): string[] {
  try {
    const { statement } = unwrap(content)
    return statement === undefined ? [] : [statement.predicateType]
  } catch (error) {
    contentFailure(error)
    return []
  }
}

// A statement that we refuse as ambiguous may still be read by others: its text, and the payload of an envelope.
function mentioned(text: string, wanted: ReadonlySet<string>): string[] {
  const payloads = [...text.matchAll(/"payload"\s*:\s*"([A-Za-z0-9+/_=-]+)"/gi)].map(([, payload = ""]) =>
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
