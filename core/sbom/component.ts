// A component of an SBOM, and whether it is a package that a scanner has to know.
import { CsscError } from "../errors.js"
import { parsePurl, type Purl } from "./purl.js"

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
const containers = new Set([
  ...["application", "container", "file", "data", "device", "platform", "archive", "source"],
  // Keys, certificates and algorithms.
  "cryptographic-asset",
])
/** purl types that name an image, not something in it. */
const imagePurlTypes = new Set(["oci", "docker"])
/** And those by which an operating system may be named; of another type it is a package that the scanner skips. */
const systemPurlTypes = new Set([...imagePurlTypes, "generic", "swid", "dhi"])

/** Classifies a component as scanners do: a purl counts whatever the kind, unless it names the operating system. */
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
  if (purlText === "") return kind !== "operating-system" && !containers.has(kind)
  if (kind === "operating-system") return purl !== undefined && !systemPurlTypes.has(purl.type)
  return purl === undefined || !imagePurlTypes.has(purl.type)
}
