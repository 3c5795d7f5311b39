// An SBOM of an operating system that the scanner does not know: it then matches no OS package and says nothing.
import type { Problem } from "../findings/assessment.js"
import type { TrivyReport } from "../findings/trivy-report.js"
import { type Sbom, packagesOf } from "./sbom.js"

const osPackageTypes: ReadonlySet<string> = new Set(["deb", "apk", "rpm", "alpm", "dhi"])

/** `OS_UNSUPPORTED` when the SBOM has OS packages of a system that the report does not name. */
export function sbomCoverageProblems(sbom: Sbom | undefined, report: Pick<TrivyReport, "os">): Problem[] {
  if (sbom === undefined || report.os !== undefined) return []
  const packages = packagesOf(sbom).filter(({ purl }) => purl !== undefined && osPackageTypes.has(purl.type))
  if (packages.length === 0) return []
  const system =
    sbom.os === undefined
      ? "an operating system that the SBOM does not name"
      : `${sbom.os.family} ${sbom.os.name}`.trim()
  return [
    {
      code: "OS_UNSUPPORTED",
      message: `${packages.length} OS packages of ${system} were not matched: the scanner knows no such system`,
    },
  ]
}
