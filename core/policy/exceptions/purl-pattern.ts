// Patterns over package URLs, such as `pkg:dhi/*`, `pkg:deb/debian/openssl` or `pkg:npm/lodash@4.17.*`. A pattern and a
// purl are read alike (percent-encoding, case and separators by the rules of the type), so that a purl as a report prints
// it is a pattern for itself. https://github.com/package-url/purl-spec
import { PackageURL } from "packageurl-js"
import { matchesWithStars, type StarPart } from "../../oci/star-match.js"
import { canonicalPurl } from "../../sbom/canonical-purl.js"
import { parsePurl, type Purl } from "../../sbom/purl.js"

const maxPatternLength = 512
const typePattern = /^pkg:[a-z][a-z0-9.+-]*\/.+$/i

/** Says what is wrong with a pattern, or undefined when it is one. */
export function purlPatternProblem(pattern: string): string | undefined {
  if (pattern.length > maxPatternLength) return `is longer than ${maxPatternLength}`
  if (!typePattern.test(pattern)) return "is not a purl pattern: expected pkg:<type>/<name>, with * in name and version"
  if (/[?#]/.test(pattern)) return "has qualifiers or a subpath, which patterns cannot match: end it after the version"
  // Decoded it would stand for any text, which nobody who copied it from a report means.
  if (/%2a/i.test(pattern)) return "has an encoded star, which no pattern can match alone: write *"
  return readParts(pattern) === undefined ? "has a % that encodes nothing: write %25" : undefined
}

/** A pattern, read once where many meet: its canonical `pkg:type/namespace/name`, and what tells name and version. */
export type PurlPattern = {
  readonly name: string
  readonly nameParts: readonly StarPart<string>[]
  readonly versionParts: readonly StarPart<string>[] | undefined
}

/** A purl that patterns are held against; its version with and without the epoch that a qualifier names. */
export type PurlSubject = { readonly name: string; readonly versions: readonly string[] }

/** `*` stands for any text; a pattern without `@version` matches every version; qualifiers do not count. */
export function matchesPurl(pattern: string, purl: string): boolean {
  const subject = readPurlSubject(purl)
  return subject !== undefined && matchesPurlPattern(readPurlPattern(pattern), subject)
}

/** `matchesPurl` on what is read already. */
export function matchesPurlPattern({ nameParts, versionParts }: PurlPattern, subject: PurlSubject): boolean {
  if (!matchesWithStars(nameParts, subject.name)) return false
  return versionParts === undefined || subject.versions.some((version) => matchesWithStars(versionParts, version))
}

/** An unreadable purl matches nothing: what it names stays unexcused. */
export function readPurlSubject(purl: string): PurlSubject | undefined {
  const parsed = parsePurl(purl)
  if (parsed === undefined) return undefined
  const version = versionOf(parsed)
  const epoch = epochOf(purl)
  return { name: nameOf(parsed), versions: epoch === undefined ? [version] : [version, `${epoch}:${version}`] }
}

/** A pattern that cannot be read matches nothing. */
export function readPurlPattern(pattern: string): PurlPattern {
  const parts = readParts(pattern)
  if (parts === undefined) return { name: "", nameParts: [() => false], versionParts: undefined }
  const name = nameOf(parts)
  const versionParts = parts.version === "" ? undefined : starParts(versionOf(parts))
  return { name, nameParts: starParts(name), versionParts }
}

// `pkg:npm/@scope/name@1`: only an @ after the last slash begins a version.
function readParts(pattern: string): Purl | undefined {
  const path = pattern.slice("pkg:".length)
  const at = path.indexOf("@", path.lastIndexOf("/") + 2)
  try {
    const [type = "", ...names] = (at < 0 ? path : path.slice(0, at)).split("/").filter((part) => part !== "")
    const [name = "", ...namespace] = names.map(decodeURIComponent).reverse()
    const version = at < 0 ? "" : decodeURIComponent(path.slice(at + 1))
    return { type: type.toLowerCase(), namespace: namespace.reverse().join("/"), name, version }
  } catch {
    return undefined
  }
}

function nameOf(purl: Purl): string {
  const { type, namespace, name } = canonicalPurl(purl)
  return [`pkg:${type}`, namespace, name].filter((part) => part !== "").join("/")
}

// Go's versions are written with and without their v.
function versionOf({ type, version }: Purl): string {
  return type === "golang" ? version.replace(/^v(?=\d)/, "") : version
}

function epochOf(purl: string): string | undefined {
  if (!/[?&]epoch=/i.test(purl)) return undefined
  const [, , , , qualifiers] = PackageURL.parseString(purl)
  return new URLSearchParams(qualifiers as URLSearchParams | undefined).get("epoch") ?? undefined
}

function starParts(text: string): StarPart<string>[] {
  return text.split("").map((one) => (one === "*" ? one : (character) => character === one))
}
