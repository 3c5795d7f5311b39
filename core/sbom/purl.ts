// Package URLs, read as leniently as scanners read them: what a scanner accepts must be comparable with its report.
// https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst
import { PackageURL } from "packageurl-js"
import { wholeModule } from "../findings/go-module.js"

export type Purl = {
  readonly type: string
  readonly namespace: string
  readonly name: string
  readonly version: string
}

export const MAX_PURL_LENGTH = 4096
const typePattern = /^[a-z][a-z0-9.+-]*$/

/** Reads a purl; nothing when it is none. */
export function parsePurl(text: string): Purl | undefined {
  if (text.length > MAX_PURL_LENGTH || !/^pkg:/i.test(text)) return undefined
  try {
    // Not `fromString`: the rules of single types are stricter there than in scanners (and throw on Go's `v1`).
    const [type, namespace, name, version, , subpath] = PackageURL.parseString(text)
    const lower = (type ?? "").toLowerCase()
    if (!typePattern.test(lower) || !name) return undefined
    return wholeModule({ type: lower, namespace: namespace ?? "", name, version: version ?? "" }, subpath)
  } catch {
    return undefined
  }
}

/**
 * One key for one package: type, namespace, name and version, without qualifiers and the subpath (that of
 * a Go module aside). Case and the
 * separators of Python's names do not count, as producers differ in them.
 */
export function purlKey(purl: Purl): string {
  const name = purl.type === "pypi" ? purl.name.replace(/[-_.]+/g, "-") : purl.name
  return JSON.stringify([purl.type, purl.namespace.toLowerCase(), name.toLowerCase(), purl.version])
}

/** A package whatever its version: its purl without version and qualifiers, or its name when it has none. */
export function purlName(purl: string | undefined, name: string): string {
  const parsed = purl === undefined ? undefined : parsePurl(purl)
  if (parsed === undefined) return name
  const namespace = parsed.namespace === "" ? "" : `${parsed.namespace}/`
  return `pkg:${parsed.type}/${namespace}${parsed.name}`
}
