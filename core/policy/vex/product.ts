// What a product id of a VEX statement names: an image, a package, or something that no image can be matched with.
import { CsscError } from "../../errors.js"
import { type Digest, isDigest } from "../../oci/digest.js"
import { canonicalRegistry, parseReference, parseRepository, repositoryName } from "../../oci/reference.js"
import { unreadableMark } from "../../vex/unread.js"
import { parseQualifiedPurl, type QualifiedPurl } from "./qualified-purl.js"

export type ImageName = {
  /** `registry/repository`; or only the end of it, where the registry is left open. */
  readonly repository: string
  readonly open: boolean
  readonly digest?: Digest
  readonly tag?: string
  readonly qualifiers: ReadonlyMap<string, string>
}

export type Product =
  | { readonly kind: "image"; readonly image: ImageName }
  | { readonly kind: "package"; readonly purl: QualifiedPurl }
  /** A CPE, or a product by its trade name. */
  | { readonly kind: "other" }
  /** Nobody may say "all products": `why` tells what is wrong. */
  | { readonly kind: "unusable"; readonly why: string }

const none: ReadonlyMap<string, string> = new Map()

/** Reads a product id. Wildcards are refused, as one statement could clear every image that it is given for. */
export function readProduct(id: string): Product {
  if (id.startsWith(unreadableMark))
    return { kind: "unusable", why: `cannot be read: ${id.slice(unreadableMark.length, -1)}` }
  if (/^(?:cpe:|\()/i.test(id)) return { kind: "other" }
  if (/[*{}]|%2a|%7b|%7d/i.test(id)) return { kind: "unusable", why: "has a wildcard" }
  if (!/^pkg:/i.test(id)) return imageByReference(id)
  const purl = parseQualifiedPurl(id)
  if (purl === undefined) return { kind: "unusable", why: "is not a package URL" }
  if (/[?[\]]/.test(`${purl.namespace}/${purl.name}`)) return { kind: "unusable", why: "has a wildcard" }
  return purl.type === "oci" || purl.type === "docker" ? imageByPurl(purl) : { kind: "package", purl }
}

function imageByReference(text: string): Product {
  try {
    const { tag, digest, ...repository } = parseReference(text)
    return { kind: "image", image: imageName(repositoryName(repository), false, digest ?? tag ?? "", none) }
  } catch (error) {
    if (error instanceof CsscError) return { kind: "other" }
    throw error
  }
}

// https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md and docker-definition.md
function imageByPurl(purl: QualifiedPurl): Product {
  const { type, namespace, name, version, qualifiers } = purl
  const path = [namespace, name]
    .filter((part) => part !== "")
    .join("/")
    .toLowerCase()
  const url = (qualifiers.get("repository_url") ?? "")
    .replace(/^https?:\/\//i, "")
    .replace(/\/+$/, "")
    .replace(/^hub\.docker\.com(?=\/|$)/, "docker.io")
  const wanted = version === "" ? (qualifiers.get("tag") ?? "") : version
  if (url === "" && type === "oci") return { kind: "image", image: imageName(path, true, wanted, qualifiers) }
  const whole = url === "" ? path : url === path || url.endsWith(`/${path}`) ? url : `${url}/${path}`
  try {
    const repository = repositoryName(parseRepository(whole))
    return { kind: "image", image: imageName(repository, false, wanted, qualifiers) }
  } catch {
    return { kind: "unusable", why: "names no repository that can be read" }
  }
}

// A digest says more than the tag that it once had.
function imageName(name: string, open: boolean, version: string, qualifiers: ImageName["qualifiers"]): ImageName {
  const repository = open ? name : oneRepositoryName(name)
  const at = version === "" ? {} : isDigest(version) ? { digest: version } : { tag: version }
  return { repository, open, ...at, qualifiers }
}

/**
 * One name for one repository. Docker's hardened images are pulled from dhi.io, their attestations are kept at
 * registry.scout.docker.com, and their VEX calls them `pkg:docker/dhi/…`.
 */
export function oneRepositoryName(name: string): string {
  const slash = name.indexOf("/")
  const registry = canonicalRegistry(name.slice(0, Math.max(slash, 0)))
  const path = name.slice(slash + 1)
  if (registry === "dhi.io") return `docker.io/dhi/${path}`
  if (registry === "registry.scout.docker.com") return `docker.io/${path}`
  return `${registry}/${path}`
}
