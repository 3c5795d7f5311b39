// What a VEX document says, whichever format it is written in: of each vulnerability, whether named products are
// affected. https://www.cisa.gov/sites/default/files/2023-04/minimum-requirements-for-vex-508c.pdf
import type { SignatureFact } from "../attestation/signature.js"
import type { Digest } from "../oci/digest.js"

export const vexStatuses = ["not_affected", "affected", "fixed", "under_investigation"] as const
export type VexStatus = (typeof vexStatuses)[number]

/** A product as named by the author: a purl or an image reference; `subcomponents` are packages in it, by purl. */
export type VexProduct = { readonly id: string; readonly subcomponents: readonly string[] }

export type VexStatement = {
  /** The vulnerability's id; `aliases` are its other ids (`DHI-CVE-…` has its CVE here). */
  readonly vulnerability: string
  readonly aliases: readonly string[]
  readonly status: VexStatus
  readonly justification?: string
  /** Why it is not affected (impact), or what to do (action). */
  readonly note?: string
  /** When the statement was made or last changed; ISO 8601 in UTC. The document's time when it has none. */
  readonly timestamp: string
  readonly products: readonly VexProduct[]
}

/** One document, read but not judged. */
export type VexDocument = {
  readonly format: "openvex" | "cyclonedx" | "csaf"
  /** The document's own id, or "". */
  readonly id: string
  readonly author: string
  /** ISO 8601 in UTC. */
  readonly timestamp: string
  /** Digest of the bytes as stored. */
  readonly digest: Digest
  /** Where it came from: `file` was given by the caller; `referrer` was attached to `subject`. */
  readonly origin: "file" | "referrer"
  /** The file's name, or the referrer's digest. */
  readonly source: string
  /** The manifest that it is attached to: a platform's, or the index's. */
  readonly subject?: Digest
  readonly signature: SignatureFact
  readonly statements: readonly VexStatement[]
}

/** A document that could not be read: told, and never able to suppress anything. */
export type VexProblem = { readonly source: string; readonly message: string }

/** A name under which a VEX document may speak of the image, and how it is known. */
export type ProductName = {
  /** `registry/repository`, canonical. */
  readonly repository: string
  /** Digest of the index or platform that the name is known for. */
  readonly digests: readonly Digest[]
  readonly tag?: string
  /** `image`: the repository judged. `provenance`: our signed acquisition provenance names it as the upstream. */
  readonly by: "image" | "provenance"
}

export type VexInput = {
  readonly documents: readonly VexDocument[]
  readonly problems: readonly VexProblem[]
  readonly products: readonly ProductName[]
}
