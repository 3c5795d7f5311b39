// Which statements speak about a finding on a platform, and which of them are in force.
import type { Finding } from "../../findings/finding.js"
import type { VexDocument } from "../../vex/vex-document.js"
import { type JudgedImage, namesImage } from "./match-image.js"
import { namesPackage } from "./match-package.js"
import { packageKey, parseQualifiedPurl, type QualifiedPurl } from "./qualified-purl.js"
import type { ReadScopes, Scope } from "./scope.js"
import { type IndexedStatement, type StatementIndex, statementsAbout } from "./statement-index.js"
import { suppresses } from "./usable.js"

/**
 * The statements about a finding in this image, in order: those that name it exactly, or the retractions that may mean
 * it. `subjectOf` says what a document is attached to.
 */
export function statementsOn(
  finding: Finding,
  image: JudgedImage,
  index: StatementIndex,
  subjectOf: (document: number) => VexDocument["subject"],
  how: keyof ReadScopes,
): readonly IndexedStatement[] {
  const about = statementsAbout(index, finding)[how]
  if (about.size === 0) return []
  const purl = parseQualifiedPurl(finding.purl)
  const key = purl === undefined ? undefined : packageKey(purl)
  const near = new Set([...(about.get("") ?? []), ...(key === undefined ? [] : (about.get(key) ?? []))])
  const inOrder = [...near].sort((a, b) => a.order - b.order)
  return inOrder.filter(({ document, [how]: scopes }) => {
    const subject = subjectOf(document)
    if (subject !== undefined && subject !== image.digest && subject !== image.platform.digest) return false
    const candidates = [...(scopes.get("") ?? []), ...(key === undefined ? [] : (scopes.get(key) ?? []))]
    return candidates.some((scope) => covers(scope, purl, image))
  })
}

/** Later statements supersede earlier ones; of those made at one time all count. */
export function newestOf(found: readonly IndexedStatement[]): readonly IndexedStatement[] {
  const times = found.map(({ statement }) => Date.parse(statement.timestamp))
  const last = times.reduce((a, b) => Math.max(a, b), -Infinity)
  return found.filter((_, at) => times[at] === last)
}

/** Retractions that are newer, or of the same moment and another document: within one, the exact statement is meant. */
export function takenBackBy(
  statements: readonly IndexedStatement[],
  suppressing: readonly IndexedStatement[],
): readonly IndexedStatement[] {
  const time = Date.parse(suppressing[0]?.statement.timestamp ?? "")
  const documents = new Set(suppressing.map(({ document }) => document))
  return statements.filter(({ document, statement: { status, timestamp } }) => {
    const made = Date.parse(timestamp)
    return !suppresses(status) && (made > time || (made === time && !documents.has(document)))
  })
}

function covers({ image, purl }: Scope, found: QualifiedPurl | undefined, judged: JudgedImage): boolean {
  if (image !== undefined && !namesImage(image, judged)) return false
  return purl === undefined || (found !== undefined && namesPackage(purl, found, judged.platform))
}
