// What an assessment is asked for, and where the policy makes it look beyond the scan itself.
import type { TrustStore } from "../attestation/trust-store.js"
import type { ScanMethod } from "../findings/assessment.js"
import type { PinnedReference, Reference } from "../oci/reference.js"
import type { Policy } from "../policy/document/policy.js"
import type { DocumentReader } from "../image/attached-documents.js"
import type { VexFile } from "./find-vex.js"
import type { Registry, RiskFeeds, Scanner } from "../ports.js"

export type ScanRequest = {
  readonly image: PinnedReference
  readonly method: ScanMethod
  readonly predicateType: string
  /** The image that it shall be no worse than: usually what is promoted already. */
  readonly baseline?: Reference
  /** List packages and dates, for an image that another is compared with. */
  readonly listPackages?: boolean
  /** VEX documents beside those that are attached. */
  readonly vex?: readonly VexFile[]
}

export type AssessPorts = {
  readonly registry: Registry
  readonly scanner: Scanner
  readonly feeds?: RiskFeeds
}

/** One assessment under way: its ports for reading, and what decides where it looks. */
export type Look = {
  readonly registry: DocumentReader
  readonly scanner: Scanner
  readonly trust: TrustStore
  readonly policy: Policy
  readonly method: ScanMethod
  readonly predicateType: string
  /** It is compared with another image, so packages and dates are listed. */
  readonly compared: boolean
}
