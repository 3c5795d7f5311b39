// Two lists of one platform's packages: what its SBOM says, and what its file system has.
import type { SbomComparison } from "../findings/assessment.js"
import { parsePurl, type Purl, purlKey } from "./purl.js"

/**
 * Compares by purl type, namespace, name and version; qualifiers differ between any two producers. What is no purl is
 * compared as it is written, so that nothing falls out of the comparison. Duplicates count once.
 */
export function comparePackages(sbom: readonly string[], image: readonly string[]): SbomComparison {
  const [listed, present] = [byKey(sbom), byKey(image)]
  return {
    onlyInImage: only(present, listed),
    onlyInSbom: only(listed, present),
    common: [...listed.keys()].filter((key) => present.has(key)).length,
  }
}

/** `pkg:type/namespace/name@version` without qualifiers and subpath; what is no purl stays as it is. */
export function plainPurl(text: string): string {
  const purl = parsePurl(text)
  return purl === undefined ? text : format(purl)
}

function byKey(purls: readonly string[]): Map<string, string> {
  return new Map(
    [...purls].sort().map((text) => {
      const purl = parsePurl(text)
      return purl === undefined ? [text, text] : [purlKey(purl), format(purl)]
    }),
  )
}

function only(these: ReadonlyMap<string, string>, those: ReadonlyMap<string, string>): string[] {
  return [...these].flatMap(([key, name]) => (those.has(key) ? [] : name)).sort()
}

function format({ type, namespace, name, version }: Purl): string {
  const path = [`pkg:${type}`, namespace, name].filter((part) => part !== "").join("/")
  return version === "" ? path : `${path}@${version}`
}
