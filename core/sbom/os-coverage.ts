// An operating system that the scanner does not know: it then matches no OS package and says nothing. Trivy names such a
// system in its report all the same, so only the packages that it matched tell.
import type { Problem } from "../findings/assessment.js"
import type { TrivyReport } from "../findings/trivy-report.js"
import { packagesOf, type Sbom } from "./sbom.js"

const osPackageTypes: ReadonlySet<string> = new Set(["deb", "apk", "rpm", "alpm"])
/** What Trivy calls a system that it does not know, of which it read packages. */
const unknownFamily = "none"

type OsReport = Pick<TrivyReport, "os" | "matchedOs">

/** How the scanner reads a release before it looks for its advisories, where it is not any text that begins with a number. */
const releases: Readonly<Record<string, RegExp>> = {
  ...{ alma: /^\d+(?:\.|$)/, centos: /^\d+(?:\.|$)/, debian: /^\d+(?:\.|$)/, oracle: /^\d+(?:\.|$)/ },
  ...{ redhat: /^\d+(?:\.|$)/, rocky: /^\d+(?:\.|$)/ },
  alpine: /^(?:\d+\.\d+(?:\.|$)|edge$)/,
  ubuntu: /^\d\d\.\d\d(?:-ESM)?$/,
}
/** Systems without releases. */
const rolling: ReadonlySet<string> = new Set(["chainguard", "echo", "minimos", "opensuse-tumbleweed", "wolfi"])

/** `OS_UNSUPPORTED` when the SBOM has OS packages and the report matched none of them, or as of no release. */
export function sbomCoverageProblems(sbom: Sbom, report: OsReport): Problem[] {
  const packages = packagesOf(sbom).filter(({ purl }) => purl !== undefined && osPackageTypes.has(purl.type))
  if (packages.length === 0) return []
  if (report.matchedOs) return releaseProblems(report.os)
  const system =
    sbom.os === undefined
      ? "an operating system that the SBOM does not name"
      : `${sbom.os.family} ${sbom.os.name}`.trim()
  const message = `${packages.length} OS packages of ${system} were not matched: the scanner knows no such system`
  return [{ code: "OS_UNSUPPORTED", message }]
}

/**
 * `OS_UNSUPPORTED` when no OS package of a file system was matched. A report says nothing of the packages of an unknown
 * system, so an image that has none (scratch) looks like one whose packages nobody can read: both are told.
 */
export function imageCoverageProblems({ os, matchedOs }: OsReport): Problem[] {
  if (matchedOs) return releaseProblems(os)
  return [{ code: "OS_UNSUPPORTED", message: `no OS package was matched: ${reasonOf(os)}` }]
}

// Its advisories are kept by release: of a release that is spelled otherwise (`bookworm`, `trixie/sid`) it finds none.
function releaseProblems(os: TrivyReport["os"]): Problem[] {
  if (os === undefined || rolling.has(os.family) || (releases[os.family] ?? /^\d/).test(os.name)) return []
  const message = `OS packages of ${`${os.family} ${os.name}`.trim()} were not matched: the scanner knows no such release`
  return [{ code: "OS_UNSUPPORTED", message }]
}

function reasonOf(os: TrivyReport["os"]): string {
  if (os === undefined)
    return "the scanner knows no operating system in the image, which a scratch image has in common with an unknown one"
  if (os.family === unknownFamily) return "the image has packages of an operating system that the scanner does not know"
  const system = `${os.family} ${os.name}`.trim()
  return `the scanner has no advisories for ${system}, or the image no longer lists its packages`
}
