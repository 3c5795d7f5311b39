// Package URLs with their qualifiers, which VEX uses to narrow down what it speaks of.
// https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst
import { PackageURL } from "packageurl-js"
import { canonicalPurl } from "../../sbom/canonical-purl.js"
import { parsePurl, type Purl } from "../../sbom/purl.js"

export type QualifiedPurl = Purl & {
  readonly qualifiers: ReadonlyMap<string, string>
  /** One for one package whatever its version. */
  readonly key: string
  /** Without its subpath, where that may be a part of a Go module's path or a part of what is in the module. */
  readonly module?: QualifiedPurl
}

/** Reads a purl with qualifiers; nothing when it is none, or has one qualifier twice. Subpaths do not count. */
export function parseQualifiedPurl(text: string): QualifiedPurl | undefined {
  const purl = parsePurl(text)
  if (purl === undefined) return undefined
  const [, , , , found] = PackageURL.parseString(text)
  const entries = [...new URLSearchParams(found as URLSearchParams | undefined)]
  const qualifiers = new Map(entries.map(([key, value]) => [key.toLowerCase(), value]))
  if (qualifiers.size !== entries.length) return undefined
  const module =
    purl.type === "golang" && text.includes("#") ? parseQualifiedPurl(text.replace(/#.*$/s, "")) : undefined
  return { ...purl, qualifiers, key: keyOf(purl), ...(module === undefined ? {} : { module }) }
}

/** One for all packages that `mayBeOne`. */
export function looseKey({ type, name }: Purl): string {
  return JSON.stringify(["any", type, folded(name)])
}

/** Tells whether two names may mean one package: by case, by separators, or by a namespace that one of them leaves out. */
export function mayBeOne(left: Purl, right: Purl): boolean {
  const [one, other] = [folded(left.namespace), folded(right.namespace)]
  return looseKey(left) === looseKey(right) && (one === other || one === "" || other === "")
}

function folded(text: string): string {
  return text.toLowerCase().replace(/[-_.]+/g, "-")
}

function keyOf(purl: Purl): string {
  const { type, namespace, name } = canonicalPurl(purl)
  return JSON.stringify([type, namespace, name])
}

/** The epoch is part of a version: some write it before a colon, some as a qualifier. */
export function versionOf({ type, version, qualifiers }: QualifiedPurl): { epoch: string; version: string } {
  const [, epoch, rest = version] = (type === "deb" || type === "rpm" ? /^(\d+):(.+)$/s.exec(version) : null) ?? []
  const plain = type === "golang" ? rest.replace(/^v(?=\d)/, "") : rest
  return { epoch: epoch ?? qualifiers.get("epoch") ?? "0", version: plain }
}

const comparableQualifiers: ReadonlySet<string> = new Set([
  "arch",
  "distro",
  "epoch",
  "os_distro",
  "os_name",
  "os_version",
])

/** Tells whether a qualifier can be held against a scanner's: sources and checksums only one of the two knows. */
export function isComparable(qualifier: string): boolean {
  return comparableQualifiers.has(qualifier)
}

/** Tells whether a version is a range of them, as no version is written: `<4.17.21`, `vers:npm/<4`, `>=1,<2`. */
export function isRange(version: string): boolean {
  return /[<>=|,\s]|^vers:/i.test(version)
}
