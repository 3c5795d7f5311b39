// The statement in an attachment, read and verified in one place, so that everything that decides by one sees the same:
// the bytes are those that the manifest names, and it is about what it is attached to.
import { MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { subjectMatches } from "../attestation/statement.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { type VerifiedDocument, verifyDocument } from "../attestation/verify-document.js"
import { contentFailure } from "../errors.js"
import { type Digest, matchesDigest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import type { AttachedDocument, VerifyingReader } from "./attached-documents.js"
import { readManifest } from "./read-manifest.js"

/**
 * A document with the signature of its envelope; `about`: it is a statement, and one of its subjects is what it is
 * attached to. Or why nothing can be read in it, which whoever attached it made so.
 */
export type AttachedStatement = (VerifiedDocument & { readonly about: boolean }) | { readonly problem: string }

/** The statement of a fetched document that is listed for `subject`. */
export function readStatementIn(
  { content, blob, manifest, attachedTo }: Omit<AttachedDocument, "referrer" | "signature">,
  subject: Digest | undefined,
  trust: TrustStore,
): AttachedStatement {
  if (!(content instanceof Uint8Array)) return { problem: content.error }
  const attached = manifest.subject?.digest ?? attachedTo
  if (attached !== subject || !matchesDigest(content, blob)) return { problem: "it is attached to another digest" }
  try {
    const document = verifyDocument(content, trust, "the attachment")
    const { statement } = document
    return {
      ...document,
      about: statement !== undefined && subject !== undefined && subjectMatches(statement, subject),
    }
  } catch (error) {
    return { problem: contentFailure(error).reason }
  }
}

/**
 * The only statement of an attachment to `subject`, by default to whatever it says: with several layers there is none, since
 * what is beside a signed statement was not signed. A registry that does not give it throws.
 */
export async function readSoleStatement(
  { registry, trust }: VerifyingReader,
  attached: PinnedReference,
  subject?: Digest,
  maxBytes = MAX_ATTESTATION_BYTES,
): Promise<AttachedStatement> {
  const manifest = await readManifest(registry, attached).catch(contentFailure)
  if (manifest instanceof Error) return { problem: manifest.reason }
  const [layer, ...more] = manifest.kind === "image" ? manifest.layers : []
  if (manifest.kind === "index" || layer === undefined || more.length > 0)
    return { problem: "it does not hold one statement" }
  if (layer.size > maxBytes) return { problem: `it has ${layer.size} bytes, more than ${maxBytes}` }
  const content = await registry.blob(attached, layer)
  return readStatementIn({ content, blob: layer.digest, manifest }, subject ?? manifest.subject?.digest, trust)
}
