// Which packages of an SBOM a scanner passed over in silence. Trivy skips purl types that it does not know
// (`pkg:dhi/*`, `pkg:generic/*`), unreadable purls, and the OS packages of systems without an advisory source.
import type { UnassessedPackage } from "../findings/assessment.js"
import { parsePurl, purlKey } from "./purl.js"
import { type Sbom, packagesOf } from "./sbom.js"

/** A package that the scanner's report lists as recognised. */
export type RecognisedPackage = { readonly purl?: string; readonly name: string; readonly version: string }

/**
 * The SBOM's packages that the report does not contain, sorted, each once. Compared by purl type, namespace, name and
 * version; a report entry without a purl covers only components that have no readable purl either.
 */
export function unassessedPackages(
  sbom: Pick<Sbom, "components">,
  recognised: readonly RecognisedPackage[],
): readonly UnassessedPackage[] {
  const known = new Set(recognised.map(recognisedKey))
  const found = new Map<string, UnassessedPackage>()
  for (const { name, version, purl, purlText } of packagesOf(sbom)) {
    if (known.has(purl ? purlKey(purl) : nameKey(name, version))) continue
    found.set(JSON.stringify([purlText, name, version]), { purl: purlText, name, version })
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? [])
}

function recognisedKey({ purl, name, version }: RecognisedPackage): string {
  const parsed = purl ? parsePurl(purl) : undefined
  return parsed ? purlKey(parsed) : nameKey(name, version)
}

function nameKey(name: string, version: string): string {
  return JSON.stringify([name, version])
}
