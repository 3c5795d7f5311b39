// One vulnerability in one package of one platform.

export const severities = ["UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const
/** Ordered: UNKNOWN < LOW < MEDIUM < HIGH < CRITICAL. */
export type Severity = (typeof severities)[number]

export type Finding = {
  /** CVE, GHSA or vendor id, as the scanner reports it. */
  readonly id: string
  /** Other ids of the same vulnerability (VendorIDs and the like). */
  readonly aliases: readonly string[]
  readonly severity: Severity
  /** purl of the package, or "" when the scanner gives none. */
  readonly purl: string
  readonly package: string
  readonly version: string
  readonly fixedVersion?: string
  /** The vendor's status of the fix: affected, fixed, will_not_fix, end_of_life … */
  readonly status?: string
  readonly title?: string
  readonly url?: string
  /** Where in the image: the scanner's target. */
  readonly target: string
  /** Who suppressed it and why; only on suppressed findings. */
  readonly suppression?: { readonly by: string; readonly statement: string; readonly source: string }
}
