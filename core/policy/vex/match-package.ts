// Does a package of a VEX statement name the package of a finding? The name must be the same; a version and qualifiers
// must agree where the statement gives them. What only the scanner gives does not count.
import type { PlatformAssessment } from "../../findings/assessment.js"
import { agreesOnDistro, distroOf } from "./distro.js"
import { isArchitecture, sameArchitecture } from "./match-image.js"
import { mayBeOne, type QualifiedPurl, versionOf } from "./qualified-purl.js"

/** `loose`: by any spelling that may mean the package. */
export function namesPackage(
  wanted: QualifiedPurl,
  found: QualifiedPurl,
  platform: PlatformAssessment,
  loose = false,
): boolean {
  const isNamed = loose ? mayBeOne(wanted, found) : wanted.key === found.key
  if (!isNamed || !isVersion(wanted, found)) return false
  return [...wanted.qualifiers].every(([key, value]) => agrees(key, value, found, platform))
}

function isVersion(wanted: QualifiedPurl, found: QualifiedPurl): boolean {
  if (wanted.version === "") return true
  const [left, right] = [versionOf(wanted), versionOf(found)]
  return left.version === right.version && left.epoch === right.epoch
}

function agrees(key: string, wanted: string, found: QualifiedPurl, { platform, scan }: PlatformAssessment): boolean {
  const actual = found.qualifiers.get(key)
  if (key === "epoch") return versionOf(found).epoch === wanted
  if (key === "arch") return actual === undefined ? isArchitecture(wanted, platform) : sameArchitecture(wanted, actual)
  const distro = agreesOnDistro(key, wanted, found.type, distroOf(found, scan?.os))
  if (distro !== undefined) return distro
  // Maven's default, which most producers leave out.
  if (found.type === "maven" && key === "type") return wanted === (actual ?? "jar")
  return actual === wanted
}
