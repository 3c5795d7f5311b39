// Which operating system a package is of. Scanners write one qualifier (`distro=alpine-3.22.1`, or only `3.22.1`),
// Docker Hardened Images three (`os_name=dhi&os_distro=alpine&os_version=3.23`).
import type { ScanResult } from "../../findings/assessment.js"
import type { QualifiedPurl } from "./qualified-purl.js"

/** `family` without a release, or "" where nothing tells. */
export type Distro = { readonly family: string; readonly release: string }

/** A rebuilt distribution has the packages of the one it is made from. */
const packagedAs: ReadonlyMap<string, string> = new Map([
  ["apk", "alpine"],
  ["deb", "debian"],
])

/** What a finding's package is of: by its purl, or else by what the scanner says of the platform. */
export function distroOf({ namespace, qualifiers }: QualifiedPurl, os: ScanResult["os"]): Distro {
  const written = qualifiers.get("distro")
  if (written === undefined) return { family: (os?.family ?? "").toLowerCase(), release: os?.name ?? "" }
  const { family, release } = readDistro(written)
  return { family: family === "" ? namespace.toLowerCase() : family, release }
}

/** Tells whether a qualifier that narrows the operating system down agrees; undefined when it is none of these. */
export function agreesOnDistro(key: string, wanted: string, type: string, actual: Distro): boolean | undefined {
  switch (key) {
    case "os_name":
      return wanted.toLowerCase() === actual.family
    case "os_version":
      return isRelease(wanted, actual.release)
    case "os_distro":
      return wanted.toLowerCase() === (actual.family === "dhi" ? packagedAs.get(type) : actual.family)
    case "distro": {
      const { family, release } = readDistro(wanted)
      return (family === "" || family === actual.family) && (release === "" || isRelease(release, actual.release))
    }
    default:
      return undefined
  }
}

/** `3.22` means 3.22.1 too, and not 3.2 or 3.221. */
function isRelease(wanted: string, actual: string): boolean {
  return wanted !== "" && (actual === wanted || actual.startsWith(`${wanted}.`))
}

function readDistro(text: string): Distro {
  const [, family = "", release = ""] = /^(?:(.*)-)?(\d[0-9A-Za-z._]*)$/.exec(text) ?? [undefined, text, ""]
  return { family: family.toLowerCase(), release }
}
