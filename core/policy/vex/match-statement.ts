// Which statements speak about a finding on a platform, and which of them are in force.
import type { PlatformAssessment } from "../../findings/assessment.js"
import type { Finding } from "../../findings/finding.js"
import type { Digest } from "../../oci/digest.js"
import { isSuppressing, type VexDocument } from "../../vex/vex-document.js"
import { type JudgedImage, namesImage } from "./match-image.js"
import { namesPackage } from "./match-package.js"
import { looseKey, parseQualifiedPurl, type QualifiedPurl } from "./qualified-purl.js"
import type { ReadScopes, Scope } from "./scope.js"
import { type IndexedStatement, type StatementIndex, statementsAbout } from "./statement-index.js"

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
  const keys = purl === undefined ? [""] : ["", purl.key, looseKey(purl)]
  const near = new Set(keys.flatMap((key) => about.get(key) ?? []))
  const inOrder = [...near].sort((a, b) => a.order - b.order)
  return inOrder.filter(({ document, [how]: scopes }) => {
    if (!isAbout(subjectOf(document), image.digest, image.platform)) return false
    return keys.flatMap((key) => scopes.get(key) ?? []).some((scope) => covers(scope, purl, image))
  })
}

/** A document that is attached to a platform speaks of that platform, one attached to the index of all. */
export function isAbout(subject: VexDocument["subject"], image: Digest, platform: PlatformAssessment): boolean {
  return subject === undefined || subject === image || subject === platform.digest
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
    return !isSuppressing(status) && (made > time || (made === time && !documents.has(document)))
  })
}

function covers({ image, purl, loose }: Scope, found: QualifiedPurl | undefined, judged: JudgedImage): boolean {
  if (image !== undefined && !namesImage(image, judged)) return false
  return purl === undefined || (found !== undefined && namesPackage(purl, found, judged.platform, loose))
}
