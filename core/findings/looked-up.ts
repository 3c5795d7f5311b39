// What the scanner looked a listed package up by. It takes the name from the component, not from the purl, and the
// advisories of some systems are about source packages: where that is not what the purl says, nothing was assessed.
// https://github.com/aquasecurity/trivy/blob/v0.73.0/pkg/sbom/io/decode.go (pkgName, fillSrcPkg)
import { PackageURL } from "packageurl-js"
import { isComparable } from "./comparable-version.js"
import { wholeModule } from "./go-module.js"
import { isMatched, type Listed, purlTypeOfListed } from "./matched-packages.js"
import { type Rpm, rpmProblem } from "./rpm-lookup.js"

/** A package as a report lists it. */
export type ListedPackage = Listed &
  Rpm & {
    readonly name: string
    readonly version: string
    /** With epoch and release. */
    readonly installed: string
    /** The source package, where the report names one: its version with epoch and release. */
    readonly source?: { readonly name: string; readonly version: string }
  }

/** Types whose name the scanner takes from the purl. */
const namedByPurl: ReadonlySet<string> = new Set(["bitnami", "cocoapods", "gradle", "maven"])
const coordinates = /^[^:/\s]+:[^:/\s]+$/
/** Types whose names are looked up as they are spelled; all others in small letters. */
const exact: ReadonlySet<string> = new Set(["apk", "deb", "rpm", "bottlerocket"])
/** Systems whose advisories are about source packages. */
const bySource = /^(?:alpine|azurelinux|cbl-mariner|chainguard|debian|echo|minimos|photon|ubuntu|wolfi)$/
/** Keys that a package database lists among its packages. */
const noPackages: ReadonlySet<string> = new Set(["gpg-pubkey"])

/** Why a listed package was not assessed; nothing when the scanner looked it up by what its purl says, for its platform. */
export function whyUnmatched(item: ListedPackage, platform: string): string | undefined {
  if (!isMatched(item)) return "the scanner has no detector for it"
  if (item.resultClass === "os-pkgs" && noPackages.has(item.name)) return undefined
  return nameProblem(item) ?? versionProblem(item) ?? rpmProblem(item, platform, parse(item.purl)?.stream)
}

function nameProblem({ name, purl, resultType, source }: ListedPackage): string | undefined {
  const parsed = parse(purl)
  if (parsed?.type === "maven" && !coordinates.test(name)) return `${quoted(name)} is no group and artifact of Maven`
  if (parsed === undefined || namedByPurl.has(parsed.type)) return undefined
  const { type, namespace, upstream } = parsed
  const path = exact.has(type) || type === "k8s" || namespace === "" ? parsed.name : `${namespace}/${parsed.name}`
  if (spelling(type, name) !== spelling(type, path))
    return `it was looked up as ${quoted(name)}, not as ${quoted(path)}`
  const looked = source?.name ?? name
  if (upstream === undefined || upstream === looked || !bySource.test(resultType)) return undefined
  return `its source package was looked up as ${quoted(looked)}, not as ${quoted(upstream)}`
}

function versionProblem(item: ListedPackage): string | undefined {
  const type = purlTypeOfListed(item)
  const versions = [item.installed, ...(item.source === undefined ? [] : [item.source.version])]
  const odd = versions.find((version) => !isComparable(type, version))
  if (odd === undefined) return undefined
  return odd === "" ? "it has no version" : `the scanner cannot compare its version ${quoted(odd)}`
}

// As trivy-db spells the names of its buckets: https://github.com/aquasecurity/trivy-db/blob/main/pkg/vulnsrc/vulnerability/vulnerability.go
function spelling(type: string, name: string): string {
  if (exact.has(type)) return name
  const lower = name.toLowerCase()
  if (type === "pypi") return lower.replaceAll("_", "-")
  return type === "swift" ? lower.replace(/^https:\/\//, "").replace(/\.git$/, "") : lower
}

function parse(purl: string) {
  if (purl === "") return undefined
  try {
    const [type, namespace, name, , qualifiers, subpath] = PackageURL.parseString(purl)
    if (!type || !name) return undefined
    const named = { type: type.toLowerCase(), namespace: namespace ?? "", name }
    const more = { upstream: upstreamOf(qualifiers), stream: qualifier(qualifiers, "modularitylabel") ?? "" }
    return { ...wholeModule(named, subpath), ...more }
  } catch {
    return undefined // the scanner writes these itself: it names none that it cannot read
  }
}

/** The source package that syft names: `openssl`, `openssl@3.0.15`, or `openssl-3.0.7-27.el9.src.rpm`. */
function upstreamOf(qualifiers: unknown): string | undefined {
  const text = qualifier(qualifiers, "upstream") ?? ""
  if (text === "") return undefined
  const rpm = /^(.+)-[^-]+-[^-]+\.src\.rpm$/.exec(text)?.[1]
  return rpm ?? text.split("@")[0] ?? text
}

function qualifier(qualifiers: unknown, name: string): string | null {
  return qualifiers instanceof URLSearchParams ? qualifiers.get(name) : null
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}
