// Patterns over package URLs, such as `pkg:dhi/*`, `pkg:deb/debian/openssl` or `pkg:npm/lodash@4.17.*`.
// https://github.com/package-url/purl-spec. The purls come out of hostile SBOMs, so the match takes linear memory and
// at most pattern × text steps; a regular expression with several stars could be made to run for hours.
import { parsePurl } from "../../sbom/purl.js"

const maxPatternLength = 512
const typePattern = /^pkg:[a-z][a-z0-9.+-]*\/.+$/

/** Says what is wrong with a pattern, or undefined when it is one. */
export function purlPatternProblem(pattern: string): string | undefined {
  if (pattern.length > maxPatternLength) return `is longer than ${maxPatternLength}`
  if (!typePattern.test(pattern)) return "is not a purl pattern: expected pkg:<type>/<name>, with * in name and version"
  if (/[?#]/.test(pattern)) return "has qualifiers or a subpath, which patterns cannot match: end it after the version"
  return undefined
}

/** A pattern or a purl, read once where many meet: `pkg:type/namespace/name`, and the version. */
export type PurlPattern = { readonly name: string; readonly version: string | undefined }
export type PurlSubject = { readonly name: string; readonly version: string }

/** `*` stands for any text; a pattern without `@version` matches every version; qualifiers do not count. */
export function matchesPurl(pattern: string, purl: string): boolean {
  const subject = readPurlSubject(purl)
  return subject !== undefined && matchesPurlPattern(readPurlPattern(pattern), subject)
}

/** `matchesPurl` on what is read already. */
export function matchesPurlPattern({ name, version }: PurlPattern, subject: PurlSubject): boolean {
  return matchesWildcard(name, subject.name) && (version === undefined || matchesWildcard(version, subject.version))
}

/** An unreadable purl matches nothing: what it names stays unexcused. */
export function readPurlSubject(purl: string): PurlSubject | undefined {
  const parsed = parsePurl(purl)
  if (parsed === undefined) return undefined
  const { type, namespace, name, version } = parsed
  return { name: [`pkg:${type}`, namespace, name].filter((part) => part !== "").join("/"), version }
}

// `pkg:npm/@scope/name@1`: only an @ after the last slash begins a version.
export function readPurlPattern(pattern: string): PurlPattern {
  const at = pattern.indexOf("@", pattern.lastIndexOf("/") + 2)
  const name = at < 0 ? pattern : pattern.slice(0, at)
  return { name: name.replace(/%40/g, "@"), version: at < 0 ? undefined : pattern.slice(at + 1) }
}

// Greedy match that remembers only the last star: when the rest does not fit, that star takes one more character.
function matchesWildcard(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0]
  while (t < text.length) {
    if (pattern[p] === "*") [star, mark, p] = [p, t, p + 1]
    else if (pattern[p] === text[t]) [p, t] = [p + 1, t + 1]
    else if (star >= 0) [p, mark, t] = [star + 1, mark + 1, mark + 1]
    else return false
  }
  return /^\**$/.test(pattern.slice(p))
}
