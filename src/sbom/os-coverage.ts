// An SBOM of an operating system that the scanner does not know: it then matches no OS package and says nothing.
// Trivy names such a system in its report all the same, so only the packages that it recognised tell.
import type { Problem } from "../findings/assessment.js"
import type { TrivyReport } from "../findings/trivy-report.js"
import { parsePurl } from "./purl.js"
import { type Sbom, packagesOf } from "./sbom.js"

const osPackageTypes: ReadonlySet<string> = new Set(["deb", "apk", "rpm", "alpm"])

/** `OS_UNSUPPORTED` when the SBOM has OS packages and the report recognised none of them. */
export function sbomCoverageProblems(sbom: Sbom | undefined, report: Pick<TrivyReport, "packages">): Problem[] {
  if (sbom === undefined) return []
  const packages = packagesOf(sbom).filter(({ purl }) => purl !== undefined && osPackageTypes.has(purl.type))
  if (packages.length === 0 || report.packages.some(({ purl }) => isOsPackage(purl))) return []
  const system =
    sbom.os === undefined
      ? "an operating system that the SBOM does not name"
      : `${sbom.os.family} ${sbom.os.name}`.trim()
  const message = `${packages.length} OS packages of ${system} were not matched: the scanner knows no such system`
  return [{ code: "OS_UNSUPPORTED", message }]
}

function isOsPackage(purl = ""): boolean {
  const type = parsePurl(purl)?.type
  return type !== undefined && osPackageTypes.has(type)
}
