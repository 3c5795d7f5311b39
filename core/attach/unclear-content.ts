// Content that somebody could take for a statement, an envelope or an SBOM, and that our reader does not take for exactly
// one: another reader may see in it what we do not.
import { attestationBounds } from "../attestation/bounds.js"
import { unwrap } from "../attestation/unwrap.js"
import { contentFailure } from "../errors.js"
import { foldedKeys } from "../oci/folded-keys.js"
import { isRecord, parseJson } from "../oci/json.js"
import { isStatementMediaType } from "../oci/media-types.js"

/** Keys that make a reader take a document for one of these. A `payload` alone is in Notation's signatures as well. */
const telling = [
  ...["dsseEnvelope", "verificationMaterial", "payloadType", "_type", "predicateType"],
  ...["bomFormat", "spdxVersion"],
]

/** Why nobody can say for certain what a layer is; undefined when it is clear, or nothing that could be a statement. */
export function unclearContent(content: Buffer, mediaType: string): string | undefined {
  if (!startsLikeJson(content))
    return isStatementMediaType(mediaType) ? `it is called ${mediaType} and is no JSON` : undefined
  const what = "the attachment"
  try {
    unwrap(content, what)
    return undefined
  } catch (error) {
    const { reason } = contentFailure(error)
    return isStatementMediaType(mediaType) || !isOtherJson(content, what) ? reason : undefined
  }
}

// Readers skip white space, and some a byte order mark.
function startsLikeJson(content: Buffer): boolean {
  return /^(?:\ufeff|\s)*[{[]/.test(content.subarray(0, 4096).toString("utf8"))
}

/** JSON with one reading that is none of what `unwrap` knows, to any reader. */
function isOtherJson(content: Buffer, what: string): boolean {
  try {
    const value = parseJson(content, attestationBounds(what))
    return !isRecord(value) || foldedKeys(value, telling).length === 0
  } catch (error) {
    contentFailure(error)
    return false
  }
}
