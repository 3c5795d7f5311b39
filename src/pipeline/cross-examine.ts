// The SBOM against the file system: two witnesses of one platform. What only one of them knows is stale or planted.
import type { SbomComparison } from "../findings/assessment.js"
import { parseTrivyReport } from "../findings/trivy-report.js"
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import { comparePackages } from "../sbom/compare-packages.js"
import { packagesOf, type Sbom } from "../sbom/sbom.js"
import type { Scanner } from "./ports.js"

/** A file system that cannot be scanned is a problem of the comparison, not of the SBOM's scan. */
export async function crossExamine(
  scanner: Scanner,
  reference: PinnedReference,
  named: { readonly platform: string; readonly digest: Digest },
  sbom: Sbom,
): Promise<SbomComparison> {
  try {
    const report = parseTrivyReport(await scanner.scanImage(reference, named.platform), named)
    const listed = packagesOf(sbom).map(({ purlText, name, version }) => purlText || `${name}@${version}`)
    const present = report.packages.map(({ purl, name, version }) => purl ?? `${name}@${version}`)
    return comparePackages(listed, present)
  } catch (error) {
    if (!(error instanceof CsscError) || (error.code !== "SCANNER_FAILED" && error.code !== "REPORT_INVALID"))
      throw error
    return { onlyInImage: [], onlyInSbom: [], common: 0, problem: error.reason }
  }
}
