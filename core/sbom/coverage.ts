// Which packages of an SBOM a scanner passed over in silence. Trivy skips purl types that it does not know
// (`pkg:dhi/*`, `pkg:generic/*`), unreadable purls, and the OS packages of systems without an advisory source.
import type { UnassessedPackage } from "../findings/assessment.js"
import type { SbomComponent } from "./component.js"
import { parsePurl, purlKey } from "./purl.js"
import { packagesOf, type Sbom } from "./sbom.js"

/** A package that the scanner's report lists as recognised. */
export type RecognisedPackage = { readonly purl?: string; readonly name: string; readonly version: string }

/**
 * The SBOM's packages that the report does not contain, sorted, each once. Compared by purl type, namespace, name and
 * version; a report entry without a purl covers only components that have no readable purl either.
 */
export function unassessedPackages(
  sbom: Pick<Sbom, "components">,
  recognised: readonly RecognisedPackage[],
  unmatched: readonly UnassessedPackage[] = [],
): readonly UnassessedPackage[] {
  const known = new Map<string, RecognisedPackage[]>()
  for (const item of recognised) {
    const same = known.get(recognisedKey(item))
    if (same === undefined) known.set(recognisedKey(item), [item])
    else same.push(item)
  }
  const reasons = new Map(unmatched.map((item) => [recognisedKey(item), item.reason]))
  const found = new Map<string, UnassessedPackage>()
  for (const component of packagesOf(sbom)) {
    const { name, version, purl, purlText } = component
    const key = purl ? purlKey(purl) : nameKey(name, version)
    const looked = known.get(key)
    const reason = looked === undefined ? reasons.get(key) : contradiction(component, looked)
    if (looked !== undefined && reason === undefined) continue
    const why = reason === undefined ? {} : { reason }
    found.set(JSON.stringify([purlText, name, version]), { purl: purlText, name, version, ...why })
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? [])
}

/** Where a component says something else than its purl, by which it was looked up. */
function contradiction(
  { version, purl, name }: SbomComponent,
  looked: readonly RecognisedPackage[],
): string | undefined {
  if (purl === undefined) return undefined
  if (!sameVersion(purl.type, version, purl.version))
    return `it was looked up as version ${quoted(purl.version)}, and its SBOM says ${quoted(version)}`
  // Go's modules are looked up as they are spelled, and their purls often in small letters only.
  const path = purl.namespace === "" ? purl.name : `${purl.namespace}/${purl.name}`
  const spelled = purl.type !== "golang" || path === path.toLowerCase() || looked.some((item) => item.name === path)
  return spelled ? undefined : `it was looked up as ${quoted(name)}, not as ${quoted(path)}`
}

/** Types whose versions have a release after a dash. */
const released: ReadonlySet<string> = new Set(["apk", "deb", "rpm"])

// Without epoch, `v` and release, which SBOMs keep in one of the two. Syft writes Go's standard library as `go1.21.1`.
function sameVersion(type: string, stated: string, looked: string): boolean {
  if (stated === "" || stated === looked) return true
  const lead = type === "golang" ? /^(?:v|go)/ : /^(?:v|\d+:)/
  const [left = "", right = ""] = [stated, looked].map((text) => decoded(text).replace(lead, ""))
  const inPart = released.has(type) && (right.startsWith(`${left}-`) || left.startsWith(`${right}-`))
  return left === right || inPart
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}

function recognisedKey({ purl, name, version }: RecognisedPackage): string {
  const parsed = purl ? parsePurl(purl) : undefined
  return parsed ? purlKey(parsed) : nameKey(name, version)
}

function nameKey(name: string, version: string): string {
  return JSON.stringify([name, version])
}
