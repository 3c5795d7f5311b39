// An SBOM as far as it is judged: which packages it lists, and of which operating system. The scanner reads the
// document itself; this view tells what the scanner should have recognised.
import { CsscError } from "../errors.js"
import { checkSpelling, isRecord } from "../oci/json.js"
import type { SbomComponent, SbomContent } from "./component.js"
import { readCycloneDx } from "./cyclonedx.js"
import { cyclonedxKeys, spdxKeys } from "./scanned-keys.js"
import { readSpdx } from "./spdx.js"

export type Sbom = {
  readonly format: "cyclonedx" | "spdx"
  readonly specVersion: string
  readonly components: readonly SbomComponent[]
  readonly os?: { readonly family: string; readonly name: string }
  /** Packages per purl type; `(none)` without a purl, `(invalid)` with an unreadable one. */
  readonly byPurlType: ReadonlyMap<string, number>
}

/** Reads an SBOM document that is already JSON; throws `SBOM_INVALID` or `LIMIT_EXCEEDED`. */
export function parseSbom(document: unknown, what = "the SBOM"): Sbom {
  if (!isRecord(document)) throw new CsscError("SBOM_INVALID", `${what} is not a JSON object`)
  const isCycloneDx = "bomFormat" in document
  if (isCycloneDx === "spdxVersion" in document) {
    const spdx3 = "@context" in document ? "; SPDX 3 is not supported yet, attach SPDX 2.3" : ""
    throw new CsscError("SBOM_INVALID", `${what} is not one of CycloneDX JSON and SPDX 2 JSON${spdx3}`)
  }
  const { specVersion, components } = isCycloneDx ? readCycloneDx(document, what) : readSpdx(document, what)
  // After the readers, which bound the depth.
  checkSpelling(isCycloneDx ? cyclonedxKeys : spdxKeys, document, "SBOM_INVALID", what)
  const os = operatingSystem(components, what)
  return {
    format: isCycloneDx ? "cyclonedx" : "spdx",
    specVersion,
    components,
    ...(os ? { os } : {}),
    byPurlType: countByPurlType(components),
  }
}

/** The components that a scanner has to recognise. */
export function packagesOf(sbom: Pick<Sbom, "components">): readonly SbomComponent[] {
  return sbom.components.filter((component) => component.isPackage)
}

/** An SBOM without packages says nothing: an image with nothing in it needs no gate, a broken generator does. */
export function isEmptySbom(sbom: Pick<Sbom, "components">): boolean {
  return packagesOf(sbom).length === 0
}

/** Scanners take any one of several operating systems and skip the packages of the others. */
function operatingSystem(components: SbomContent["components"], what: string): Sbom["os"] {
  const found = components.filter((component) => component.kind === "operating-system")
  const names = new Set(found.map(({ name, version }) => `${name} ${version}`.trim()))
  if (names.size > 1) {
    const list = [...names].slice(0, 5).join(", ")
    throw new CsscError(
      "SBOM_INVALID",
      `${what} names ${names.size} operating systems (${list}): a scanner would use only one`,
    )
  }
  const [os] = found
  return os && { family: os.name, name: os.version }
}

function countByPurlType(components: readonly SbomComponent[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const component of components) {
    if (!component.isPackage) continue
    const type = component.purl?.type ?? (component.purlText === "" ? "(none)" : "(invalid)")
    counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return counts
}
