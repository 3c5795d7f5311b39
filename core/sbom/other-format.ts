// Two SBOMs of one platform in two formats. Publishers attach both, and both then list the same; whoever may attach adds a
// clean one in the format that is looked for first. So the other one is asked whether it says more.
import type { SbomComponent } from "./component.js"
import { purlKey } from "./purl.js"
import { packagesOf, type Sbom } from "./sbom.js"

type Listed = Pick<Sbom, "components" | "os">

/** Whether one names a package, or another operating system, that the SBOM which is used does not. */
export function saysMore(other: Listed, used: Listed): boolean {
  const known = new Set(packagesOf(used).map(keyOf))
  return packagesOf(other).some((one) => !known.has(keyOf(one))) || isOtherSystem(other, used)
}

// Some producers name no system in SPDX.
function isOtherSystem({ os: other }: Listed, { os: used }: Listed): boolean {
  if (other === undefined) return false
  return other.family.toLowerCase() !== used?.family.toLowerCase() || other.name !== used.name
}

function keyOf({ purl, name, version }: SbomComponent): string {
  return purl === undefined ? JSON.stringify([name, version]) : purlKey(purl)
}
