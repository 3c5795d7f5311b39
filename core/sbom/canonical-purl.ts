// Equal packages have equal names: a purl's namespace and name as the rules of its type write them.
// https://github.com/package-url/purl-spec/blob/main/purl-types-index.json
import { PackageURL } from "packageurl-js"
import type { Purl } from "./purl.js"

/** Types of which the library leaves the case, and whose names have none for those who look packages up. */
const caseless: ReadonlySet<string> = new Set(["docker", "golang"])

/** Old names of npm have a case, whatever the rules say: JSONStream is not jsonstream. */
const asWritten: ReadonlySet<string> = new Set(["npm"])

/** The same package by its canonical name; the version stays as it is written. */
export function canonicalPurl(purl: Purl): Purl {
  const { type, version } = purl
  if (asWritten.has(type)) return purl
  if (caseless.has(type)) {
    return { ...purl, namespace: purl.namespace.toLowerCase(), name: purl.name.toLowerCase() }
  }
  const { namespace, name } = { ...purl, ...rules[type]?.normalize({ ...purl }) }
  // PEP 503: runs of any of the three separators are one.
  return { type, namespace, name: type === "pypi" ? name.replace(/[-_.]+/g, "-") : name, version }
}

// The library exports its rules and does not declare them.
type Rules = { readonly normalize: (purl: Purl) => Partial<Purl> }
const rules = (PackageURL as unknown as { readonly Type: Readonly<Record<string, Rules | undefined>> }).Type
