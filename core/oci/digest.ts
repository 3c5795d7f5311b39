// Content digests: the identity of everything that this module reads, judges or copies.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests
import { createHash } from "node:crypto"
import { CsscError } from "../errors.js"

/** `sha256:<64 hex>` or `sha512:<128 hex>`, in lower case; made only by this file. */
export type Digest = string & { readonly __digest: true }

const pattern = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

/** Tells whether a text is a digest of an algorithm that registries accept. */
export function isDigest(text: string): text is Digest {
  return pattern.test(text)
}

/** Reads a digest, or throws `REFERENCE_INVALID`. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text
  throw new CsscError("REFERENCE_INVALID", `"${text.slice(0, 160)}" is not a digest: expected sha256:<64 hex digits>`)
}

/** The sha256 digest of some bytes (a text counts as UTF-8). */
export function digestOf(content: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(content).digest("hex")}` as Digest
}

/** Tells whether bytes have a digest, by the algorithm that the digest names. */
export function matchesDigest(content: Uint8Array | string, digest: Digest): boolean {
  const [algorithm = "", hex] = digest.split(":")
  return createHash(algorithm).update(content).digest("hex") === hex
}
