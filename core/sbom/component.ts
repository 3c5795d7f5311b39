// A component of an SBOM, and whether it is a package that a scanner has to know.
import { CsscError } from "../errors.js"
import { type Purl, parsePurl } from "./purl.js"

export const MAX_COMPONENTS = 200_000
export const MAX_COMPONENT_DEPTH = 64

export type SbomComponent = {
  readonly name: string
  /** "" when the document gives none. */
  readonly version: string
  /** CycloneDX's component type or SPDX's primary package purpose, in CycloneDX's spelling; "" when not given. */
  readonly kind: string
  /** As written; "" when there is none. Not "" without a `purl` means: not a purl. */
  readonly purlText: string
  readonly purl?: Purl
  readonly isPackage: boolean
}

export type SbomContent = { readonly specVersion: string; readonly components: readonly SbomComponent[] }

/** Kinds that are no packages unless a purl says otherwise: the image, its files, roots such as a lock file. */
const containers = new Set(["application", "container", "file", "data", "device", "platform", "archive", "source"])
/** purl types that name an image, not something in it. */
const imagePurlTypes = new Set(["oci", "docker"])

/** Classifies a component as scanners do: a purl counts whatever the kind, except on the operating system itself. */
export function toComponent(name: string, version: string, kind: string, purlText: string): SbomComponent {
  const purl = purlText === "" ? undefined : parsePurl(purlText)
  return { name, version, kind, purlText, ...(purl ? { purl } : {}), isPackage: isPackage(kind, purlText, purl) }
}

/** Refuses a document with more components than anybody has. */
export function checkCount(count: number, what: string): void {
  if (count <= MAX_COMPONENTS) return
  throw new CsscError("LIMIT_EXCEEDED", `${what} has more than ${MAX_COMPONENTS} components`)
}

function isPackage(kind: string, purlText: string, purl: Purl | undefined): boolean {
  if (kind === "operating-system") return false
  if (purlText === "") return !containers.has(kind)
  return purl === undefined || !imagePurlTypes.has(purl.type)
}
