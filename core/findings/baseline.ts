// What an image is compared with: the one that is promoted already, scanned by the same tools and database.
import type { Digest } from "../oci/digest.js"

/** One platform of the baseline, reduced to what is compared. */
export type BaselinePlatform = {
  readonly platform: string
  readonly digest: Digest
  readonly os?: string
  /** `id package` of each finding with its severity; the package by purl without version and qualifiers. */
  readonly findings: readonly { readonly id: string; readonly package: string; readonly severity: string }[]
  /** Packages by purl without version and qualifiers, sorted; left out when the scan did not list them. */
  readonly packages?: readonly string[]
  /** When its config says that it was built. */
  readonly created?: string
}

export type Baseline = {
  readonly reference: string
  readonly digest: Digest
  readonly platforms: readonly BaselinePlatform[]
}

/** There is a tag to compare with and it could not be assessed; or there is none, which is said too. */
export type BaselineResult =
  | { readonly kind: "compared"; readonly baseline: Baseline }
  | { readonly kind: "none"; readonly reference: string }
  | { readonly kind: "failed"; readonly reference: string; readonly message: string }
