// Two scans of one platform, through its SBOM and its file system. An SBOM that lists the right packages can still steer
// the scanner past an advisory: by another release of the operating system, or another source package.
import type { SbomComparison, ScanResult } from "../findings/assessment.js"
import type { Finding } from "../findings/finding.js"
import { plainPurl } from "./compare-packages.js"

type Scan = Pick<ScanResult, "os" | "findings" | "suppressed">

/** Where the SBOM's scan sees less than the file system's; what it sees beyond that is judged anyway. */
export function compareScans(sbom: Scan, image: Scan): Pick<SbomComparison, "os" | "missedFindings"> {
  const known = new Set([...sbom.findings, ...sbom.suppressed].map(nameOf))
  const missed = [...new Set(image.findings.map(nameOf))].filter((name) => !known.has(name)).sort()
  return {
    ...(sameSystem(sbom.os, image.os) ? {} : { os: { image: systemOf(image.os), sbom: systemOf(sbom.os) } }),
    ...(missed.length === 0 ? {} : { missedFindings: missed }),
  }
}

function nameOf({ id, purl, package: name, version }: Finding): string {
  return `${id} in ${purl === "" ? `${name}@${version}` : plainPurl(purl)}`
}

// Generators name a release more or less exactly ("12", "12.5"). What is less exact may know no end of life.
function sameSystem(a: Scan["os"], b: Scan["os"]): boolean {
  if (a === undefined || b === undefined) return isNone(a) && isNone(b)
  if (a.family !== b.family || a.endOfLife !== b.endOfLife) return false
  return a.name === b.name || a.name.startsWith(`${b.name}.`) || b.name.startsWith(`${a.name}.`)
}

function isNone(os: Scan["os"]): boolean {
  return os === undefined || os.family === "none"
}

function systemOf(os: Scan["os"]): string {
  if (os === undefined || isNone(os)) return "none that is known"
  return `${os.family} ${os.name}`.trim() + (os.endOfLife ? " (past its end)" : "")
}
