// All statements of all documents, found by vulnerability and then by package: documents may have tens of thousands,
// and images as many findings.
import type { Finding } from "../../findings/finding.js"
import { isSuppressing, type VexDocument, type VexStatement } from "../../vex/vex-document.js"
import { isOneVulnerability } from "../exceptions/vulnerability-id.js"
import { type ReadScopes, readScopes } from "./scope.js"

export type IndexedStatement = ReadScopes & {
  /** Place in the order of documents and statements, which decides between equals. */
  readonly order: number
  readonly document: number
  readonly statement: VexStatement
}

export type StatementIndex = {
  readonly byName: ReadonlyMap<string, readonly IndexedStatement[]>
  readonly byAlias: ReadonlyMap<string, readonly IndexedStatement[]>
  /** What cannot be used, by document. */
  readonly shortcomings: ReadonlyMap<number, readonly string[]>
  /** Filled as findings come, by their ids: many findings are of one vulnerability. */
  readonly known: Map<string, StatementsAbout>
}

/** The statements about one vulnerability, in order, by the package key of a scope of theirs. */
export type StatementsAbout = Readonly<Record<keyof ReadScopes, ReadonlyMap<string, readonly IndexedStatement[]>>>

export function indexStatements(documents: readonly VexDocument[], now: Date): StatementIndex {
  const byName = new Map<string, IndexedStatement[]>()
  const byAlias = new Map<string, IndexedStatement[]>()
  const shortcomings = new Map<number, string[]>()
  let order = 0
  for (const [document, { statements }] of documents.entries()) {
    const told: string[] = []
    shortcomings.set(document, told)
    for (const statement of statements) {
      const name = statement.vulnerability === "" ? "a statement about nobody knows what" : statement.vulnerability
      const scopes = readScopes(statement, now, (why) => told.push(`${name} ${why}`))
      const entry = { order: order++, document, statement, ...scopes }
      if (scopes.exact.size + scopes.wide.size === 0) continue
      // Of no vulnerability that can be read: it may take back what is said of any, and say nothing.
      if (statement.vulnerability === "" && isSuppressing(statement.status)) continue
      append(byName, statement.vulnerability.toUpperCase(), entry)
      for (const alias of new Set(statement.aliases.map((id) => id.toUpperCase()))) append(byAlias, alias, entry)
    }
  }
  return { byName, byAlias, shortcomings, known: new Map() }
}

/**
 * The statements about a finding's vulnerability, in order, by its id or an alias of either side. Two aliases make one
 * vulnerability only where they are no advisory that bundles several.
 */
export function statementsAbout(index: StatementIndex, { id, aliases }: Finding): StatementsAbout {
  const own = id.toUpperCase()
  const others = aliases.map((alias) => alias.toUpperCase()).filter((alias) => alias !== "")
  const key = JSON.stringify([own, ...others])
  const known = index.known.get(key) ?? byPackage(findAbout(index, own, others))
  index.known.set(key, known)
  return known
}

function findAbout(index: StatementIndex, own: string, others: readonly string[]): readonly IndexedStatement[] {
  const found = new Set([
    ...(index.byName.get("") ?? []),
    ...(index.byName.get(own) ?? []),
    ...(index.byAlias.get(own) ?? []),
    ...others.flatMap((alias) => index.byName.get(alias) ?? []),
    ...others.filter(isOneVulnerability).flatMap((alias) => index.byAlias.get(alias) ?? []),
  ])
  return [...found].sort((a, b) => a.order - b.order)
}

function byPackage(statements: readonly IndexedStatement[]): StatementsAbout {
  const about = { exact: new Map<string, IndexedStatement[]>(), wide: new Map<string, IndexedStatement[]>() }
  for (const statement of statements) {
    for (const how of ["exact", "wide"] as const) {
      for (const key of statement[how].keys()) append(about[how], key, statement)
    }
  }
  return about
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [item])
  else list.push(item)
}
