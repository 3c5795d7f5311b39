// What a statement speaks of: exactly; and, where it retracts by a name that cannot be matched, whatever it may mean.
import { isSuppressing, type VexProduct, type VexStatement } from "../../vex/vex-document.js"
import { type ImageName, type Product, readProduct } from "./product.js"
import { isComparable, isRange, looseKey, type QualifiedPurl } from "./qualified-purl.js"
import { productShortcoming, shortcomingOf } from "./usable.js"

/** One thing that a statement speaks of: a package, an image, or a package in an image; everything when it is empty. */
export type Scope = {
  readonly image?: ImageName
  readonly purl?: QualifiedPurl
  /** The name of the package may be another spelling of the finding's. */
  readonly loose?: true
}

/** By package key; "" are those about all packages of an image. */
export type Scopes = ReadonlyMap<string, readonly Scope[]>

export type ReadScopes = {
  readonly exact: Scopes
  /**
   * What a retraction may mean that names nothing, or something that cannot be matched. It suspends older statements
   * there: else a wildcard or a range in a retraction would leave the retracted statement standing.
   */
  readonly wide: Scopes
}

/** Reads the products of a statement; what cannot be used is told. */
export function readScopes(statement: VexStatement, now: Date, tell: (why: string) => void): ReadScopes {
  const exact = new Map<string, Scope[]>()
  const wide = new Map<string, Scope[]>()
  const shortcoming = shortcomingOf(statement, now)
  if (shortcoming !== undefined) tell(shortcoming)
  const retracts = !isSuppressing(statement.status)
  if (retracts && statement.products.length === 0) wide.set("", [{}])
  for (const { id, subcomponents } of statement.products) {
    const product = readProduct(id)
    const parts = subcomponents.map(readProduct)
    const why = productShortcoming(statement.status, product, parts)
    if (why !== undefined) tell(`on ${JSON.stringify(id.slice(0, 200))} ${why}`)
    if (retracts) for (const scope of wideScopes(product, parts)) append(wide, scope)
    if (shortcoming !== undefined || why !== undefined) continue
    for (const scope of exactScopes(product, parts, subcomponents)) append(exact, scope)
  }
  return { exact, wide }
}

// What a part of a package does to the rest of it nobody knows without the graph of their dependencies.
function exactScopes(
  product: Product,
  parts: readonly Product[],
  subcomponents: VexProduct["subcomponents"],
): readonly Scope[] {
  if (product.kind === "package") return subcomponents.length === 0 ? [{ purl: product.purl }] : []
  if (product.kind !== "image") return []
  const { image } = product
  return subcomponents.length === 0 ? [{ image }] : packagesOf(parts).map(({ purl }) => ({ image, purl }))
}

/** Nothing for what is matched exactly. A part that cannot be matched may be anything in what it is a part of. */
function wideScopes(product: Product, parts: readonly Product[]): readonly Scope[] {
  const packages = packagesOf(parts)
  const known = packages.length === parts.length
  if (product.kind === "image") return imageScopes(product.image, packages, known)
  if (parts.length === 0) return product.kind === "package" ? spellings(product.purl) : [{}]
  if (!known) return [{}]
  const inside = [...packages, ...packages.flatMap(({ purl }) => spellings(purl))]
  return product.kind === "package" ? [{ purl: product.purl }, ...spellings(product.purl), ...inside] : inside
}

function imageScopes(
  image: ImageName,
  packages: readonly { readonly purl: QualifiedPurl }[],
  known: boolean,
): readonly Scope[] {
  if (!known) return [{ image }]
  return packages.flatMap(({ purl }) => spellings(purl)).map((scope) => ({ ...scope, image }))
}

/** A package by any spelling of its name, without what cannot be compared. */
function spellings({ module, ...purl }: QualifiedPurl): readonly Scope[] {
  const qualifiers = new Map([...purl.qualifiers].filter(([key]) => isComparable(key)))
  const version = isRange(purl.version) ? "" : purl.version
  const more = module === undefined ? [] : spellings(module)
  return [{ purl: { ...purl, qualifiers, version }, loose: true }, ...more]
}

function packagesOf(parts: readonly Product[]): { readonly purl: QualifiedPurl }[] {
  return parts.flatMap((part) => (part.kind === "package" ? [{ purl: part.purl }] : []))
}

function append(scopes: Map<string, Scope[]>, scope: Scope): void {
  const { purl, loose } = scope
  const key = purl === undefined ? "" : loose === true ? looseKey(purl) : purl.key
  const list = scopes.get(key)
  if (list === undefined) scopes.set(key, [scope])
  else list.push(scope)
}
