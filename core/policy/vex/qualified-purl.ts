// Package URLs with their qualifiers, which VEX uses to narrow down what it speaks of.
// https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst
import { PackageURL } from "packageurl-js"
import { canonicalPurl } from "../../sbom/canonical-purl.js"
import { parsePurl, type Purl } from "../../sbom/purl.js"

export type QualifiedPurl = Purl & { readonly qualifiers: ReadonlyMap<string, string> }

/** Reads a purl with qualifiers; nothing when it is none, or has one qualifier twice. Subpaths do not count. */
export function parseQualifiedPurl(text: string): QualifiedPurl | undefined {
  const purl = parsePurl(text)
  if (purl === undefined) return undefined
  const [, , , , found] = PackageURL.parseString(text)
  const entries = [...new URLSearchParams(found as URLSearchParams | undefined)]
  const qualifiers = new Map(entries.map(([key, value]) => [key.toLowerCase(), value]))
  return qualifiers.size === entries.length ? { ...purl, qualifiers } : undefined
}

/** One key for one package whatever its version. */
export function packageKey(purl: Purl): string {
  const { type, namespace, name } = canonicalPurl(purl)
  return JSON.stringify([type, namespace, name])
}

/** The epoch is part of a version: some write it before a colon, some as a qualifier. */
export function versionOf({ type, version, qualifiers }: QualifiedPurl): { epoch: string; version: string } {
  const [, epoch, rest = version] = (type === "deb" || type === "rpm" ? /^(\d+):(.+)$/s.exec(version) : null) ?? []
  const plain = type === "golang" ? rest.replace(/^v(?=\d)/, "") : rest
  return { epoch: epoch ?? qualifiers.get("epoch") ?? "0", version: plain }
}
