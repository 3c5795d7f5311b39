// The SBOM against the file system: two witnesses of one platform. What only one of them knows is stale or planted.
import { readFailure } from "../errors.js"
import type { SbomComparison, ScanResult } from "../findings/assessment.js"
import { parseTrivyReport, type TrivyReport } from "../findings/trivy-report.js"
import type { Digest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import type { Scanner } from "../ports.js"
import { comparePackages } from "../sbom/compare-packages.js"
import { compareScans } from "../sbom/compare-scans.js"
import { packagesOf, type Sbom } from "../sbom/sbom.js"

type PlatformImage = {
  readonly scanner: Scanner
  readonly reference: PinnedReference
  readonly named: { readonly platform: string; readonly digest: Digest }
}

/**
 * A file system that cannot be scanned is a problem of the comparison, not of the SBOM's scan; without that scan only the
 * lists of packages are compared.
 */
export async function crossExamine(
  platform: PlatformImage,
  sbom: Sbom,
  scanned: Promise<{ readonly scan?: ScanResult }>,
): Promise<SbomComparison> {
  const image = await scanImage(platform)
  if ("problem" in image) return { onlyInImage: [], onlyInSbom: [], common: 0, ...image }
  const listed = packagesOf(sbom).map(({ purlText, name, version }) => purlText || `${name}@${version}`)
  const present = [...image.packages, ...image.unmatched].map(({ purl, name, version }) => purl || `${name}@${version}`)
  const { scan } = await scanned
  return { ...comparePackages(listed, present), ...(scan === undefined ? {} : compareScans(scan, image)) }
}

async function scanImage({
  scanner,
  reference,
  named,
}: PlatformImage): Promise<TrivyReport | { readonly problem: string }> {
  try {
    return parseTrivyReport(await scanner.scanImage(reference, named.platform), named)
  } catch (error) {
    return { problem: readFailure(error).reason }
  }
}
