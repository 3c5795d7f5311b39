// When two SBOMs say the same: the same packages of the same operating system. Serial numbers and times do not count,
// since every run of a generator makes new ones.
import { type Digest, digestOf } from "../oci/digest.js"
import { type Sbom, packagesOf } from "./sbom.js"

export function fingerprint(sbom: Sbom): Digest {
  const packages = packagesOf(sbom).map(({ purlText, name, version }) => JSON.stringify([purlText, name, version]))
  return digestOf(JSON.stringify([sbom.os?.family ?? "", sbom.os?.name ?? "", ...new Set(packages.sort())]))
}
