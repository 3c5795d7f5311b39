// What an assessment is asked for, and what it works with on the way.
import type { ScanMethod } from "../findings/assessment.js"
import type { DocumentReader, VerifyingReader } from "../image/attached-documents.js"
import type { PinnedReference, Reference } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import type { VexFile } from "./find-vex.js"

export type ScanRequest = {
  readonly image: PinnedReference
  readonly method: ScanMethod
  /** The SBOM's type; "" when the caller named none: CycloneDX, or SPDX where that is not there. */
  readonly predicateType: string
  /** The image that it shall be no worse than: usually what is promoted already. */
  readonly baseline?: Reference
  /** List packages and dates, for an image that another is compared with. */
  readonly listPackages?: boolean
  /** VEX documents beside those that are attached. */
  readonly vex?: readonly VexFile[]
}

export type AssessOperation = Pick<Operation, "scanner" | "feeds" | "policy" | "trust" | "now" | "step"> & {
  /** Nothing is written, and no tag is listed. */
  readonly registry: DocumentReader
}

/** One assessment under way: its ports for reading, and what decides where it looks. */
export type AssessmentScope = VerifyingReader &
  Pick<Operation, "scanner" | "policy"> &
  Pick<ScanRequest, "method" | "predicateType"> & {
    /** It is compared with another image, so packages and dates are listed. */
    readonly compared: boolean
  }
