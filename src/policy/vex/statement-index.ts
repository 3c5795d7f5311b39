// All statements of all documents, found by vulnerability and then by package: documents may have tens of thousands,
// and images as many findings.
import type { VexDocument, VexStatement } from "../../vex/vex-document.js"
import type { Finding } from "../../findings/finding.js"
import { type ImageName, readProduct } from "./product.js"
import { packageKey, type QualifiedPurl } from "./qualified-purl.js"
import { productShortcoming, shortcomingOf } from "./usable.js"

/** One thing that a statement speaks of: a package, an image, or a package in an image. */
export type Scope = { readonly image?: ImageName; readonly purl?: QualifiedPurl }

export type IndexedStatement = {
  /** Place in the order of documents and statements, which decides between equals. */
  readonly order: number
  readonly document: number
  readonly statement: VexStatement
  /** By package key; "" are those about all packages of an image. */
  readonly scopes: ReadonlyMap<string, readonly Scope[]>
}

export type StatementIndex = {
  readonly byName: ReadonlyMap<string, readonly IndexedStatement[]>
  readonly byAlias: ReadonlyMap<string, readonly IndexedStatement[]>
  /** What cannot be used, by document. */
  readonly shortcomings: ReadonlyMap<number, readonly string[]>
}

/** Ids that stand for one vulnerability; an advisory such as DSA-4613-1 stands for many. */
const oneVulnerability = /^(?:CVE|GHSA)-/

export function indexStatements(documents: readonly VexDocument[], now: Date): StatementIndex {
  const byName = new Map<string, IndexedStatement[]>()
  const byAlias = new Map<string, IndexedStatement[]>()
  const shortcomings = new Map<number, string[]>()
  let order = 0
  for (const [document, { statements }] of documents.entries()) {
    const told: string[] = []
    shortcomings.set(document, told)
    for (const statement of statements) {
      const scopes = scopesOf(statement, now, (why) => told.push(`${statement.vulnerability} ${why}`))
      const entry = { order: order++, document, statement, scopes }
      if (scopes.size === 0) continue
      append(byName, statement.vulnerability.toUpperCase(), entry)
      for (const alias of new Set(statement.aliases.map((id) => id.toUpperCase()))) append(byAlias, alias, entry)
    }
  }
  return { byName, byAlias, shortcomings }
}

/**
 * The statements about a finding's vulnerability, in order, by its id or an alias of either side. Two aliases make one
 * vulnerability only where they are no advisory that bundles several.
 */
export function statementsAbout(index: StatementIndex, { id, aliases }: Finding): readonly IndexedStatement[] {
  const own = id.toUpperCase()
  const others = aliases.map((alias) => alias.toUpperCase()).filter((alias) => alias !== "")
  const found = new Set([
    ...(index.byName.get(own) ?? []),
    ...(index.byAlias.get(own) ?? []),
    ...others.flatMap((alias) => index.byName.get(alias) ?? []),
    ...others.filter((alias) => oneVulnerability.test(alias)).flatMap((alias) => index.byAlias.get(alias) ?? []),
  ])
  return [...found].sort((a, b) => a.order - b.order)
}

function scopesOf(statement: VexStatement, now: Date, tell: (why: string) => void): Map<string, Scope[]> {
  const scopes = new Map<string, Scope[]>()
  const shortcoming = shortcomingOf(statement, now)
  if (shortcoming !== undefined) tell(shortcoming)
  for (const { id, subcomponents } of statement.products) {
    const product = readProduct(id)
    const parts = subcomponents.map(readProduct)
    const why = productShortcoming(statement.status, product, parts)
    if (why !== undefined) tell(`on ${JSON.stringify(id.slice(0, 200))} ${why}`)
    if (shortcoming !== undefined || why !== undefined) continue
    if (product.kind === "image" && subcomponents.length === 0) append(scopes, "", { image: product.image })
    // What a part of a package does to the rest of it nobody knows without the graph of their dependencies.
    else if (product.kind === "package" && subcomponents.length === 0)
      append(scopes, packageKey(product.purl), { purl: product.purl })
    else if (product.kind === "image") {
      for (const part of parts) {
        if (part.kind === "package") append(scopes, packageKey(part.purl), { image: product.image, purl: part.purl })
      }
    }
  }
  return scopes
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [item])
  else list.push(item)
}
