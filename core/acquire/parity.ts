// Whether a copy is complete: every referrer at the source is at the target. No copy tool reports this.
import { CsscError } from "../errors.js"
import type { Attached } from "../image/subjects.js"
import { pinnedName, type PinnedReference, type Repository, repositoryName } from "../oci/reference.js"
import { compareReferrers, flattenReferrers, type ReferrerEdge } from "../oci/referrers.js"

export type Parity = {
  readonly source: number
  readonly target: number
  readonly missing: readonly ReferrerEdge[]
  /** What only the target has: evidence that was attached there. */
  readonly extra: readonly ReferrerEdge[]
}

export function compareAttached(source: Attached, target: Attached): Parity {
  const { missing, extra } = compareReferrers(source.trees, target.trees)
  const count = (side: Attached) => side.trees.flatMap(flattenReferrers).length
  return { source: count(source), target: count(target), missing, extra }
}

export function requireParity(
  parity: Parity,
  absent: readonly string[],
  source: PinnedReference,
  target: Repository,
): void {
  const lost = [
    ...absent.map((digest) => `manifest ${digest}`),
    ...parity.missing.map(
      ({ digest, subject, artifactType }) => `${artifactType || "referrer"} ${digest} of ${subject}`,
    ),
  ]
  if (lost.length === 0) return
  const some = lost.slice(0, 5).join(", ")
  throw new CsscError(
    "PARITY_FAILED",
    `the copy of ${pinnedName(source)} in ${repositoryName(target)} lacks ${lost.length} of its parts: ${some}${lost.length > 5 ? " …" : ""}; run it again, with force when it stays`,
  )
}
