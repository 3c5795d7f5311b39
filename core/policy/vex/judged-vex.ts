// VEX at work on one image: each finding gets the newest statement that speaks of it, and the book remembers what every
// document did, what contradicted, and what matched nothing.
import type { Assessment, PlatformAssessment } from "../../findings/assessment.js"
import type { Finding } from "../../findings/finding.js"
import type { Digest } from "../../oci/digest.js"
import type { Policy } from "../document/policy.js"
import type { JudgedFinding } from "../verdict/verdict.js"
import { type JudgedDocument, type Place } from "./judged-document.js"
import type { JudgedImage } from "./match-image.js"
import { newestOf, statementsOn, takenBackBy } from "./match-statement.js"
import type { ReadScopes } from "./scope.js"
import { standingOf } from "./standing.js"
import { type IndexedStatement, indexStatements, type StatementIndex } from "./statement-index.js"
import { suppresses } from "./usable.js"
import { becauseOf, sourceOf } from "./vex-use.js"

type Because = NonNullable<JudgedFinding["because"]>

/** A suppression that another statement contradicts. */
export type VexConflict = Place & {
  readonly sources: readonly string[]
  /** By a retraction that may mean the finding, and cannot be matched with it. */
  readonly unmatched: boolean
}

export type JudgedVex = {
  readonly documents: readonly JudgedDocument[]
  readonly conflicts: VexConflict[]
  readonly image: Omit<JudgedImage, "platform">
  readonly index: StatementIndex
}

/** Opens the book on a sorted assessment; nothing when nobody looked for VEX. */
export function judgeVex(assessment: Assessment, policy: Policy, now: Date): JudgedVex | undefined {
  const { vex, image, platforms } = assessment
  if (vex === undefined) return undefined
  const index = indexStatements(vex.documents, now)
  const documents = vex.documents.map((document, at) => ({
    document,
    standing: standingOf(document, assessment, policy),
    shortcomings: index.shortcomings.get(at) ?? [],
    suppressed: [],
    matched: new Set<string>(),
    wouldSuppress: 0,
    wouldRetract: 0,
  }))
  const digests = new Set<Digest>(platforms.map(({ digest }) => digest))
  return { documents, conflicts: [], image: { digest: image.digest, names: vex.products, platforms: digests }, index }
}

/** Notes what the statements match on a platform, whatever the findings' severity. */
export function noteMatches(book: JudgedVex | undefined, platform: PlatformAssessment): void {
  if (book === undefined) return
  for (const finding of platform.scan?.findings ?? []) {
    for (const { document, statement } of matching(book, finding, platform)) {
      book.documents[document]?.matched.add(statement.vulnerability)
    }
  }
}

/** The statement that suppresses a finding, if any; asked only for findings that would count. */
export function suppressionOf(
  book: JudgedVex | undefined,
  finding: Finding,
  platform: PlatformAssessment,
): Because | undefined {
  if (book === undefined) return undefined
  const place = { id: finding.id, platform: platform.platform, purl: finding.purl }
  const found = matching(book, finding, platform)
  noteUntrusted(book, found)
  const newest = newestOf(found.filter((one) => isTrusted(book, one)))
  const suppressing = newest.filter(({ statement }) => suppresses(statement.status))
  const [deciding] = suppressing
  const booked = deciding === undefined ? undefined : book.documents[deciding.document]
  if (deciding === undefined || booked === undefined) return undefined
  const sourcesOf = (all: readonly IndexedStatement[]) =>
    all.map(({ document }) => sourceOf(book.documents[document]?.document))
  // Two that say the same in other words, such as fixed and not affected, are no conflict.
  if (suppressing.length < newest.length) {
    book.conflicts.push({ ...place, sources: sourcesOf(newest), unmatched: false })
    return undefined
  }
  const wide = takenBackBy(matching(book, finding, platform, "wide"), suppressing)
  const unmatched = wide.filter((one) => isTrusted(book, one))
  if (unmatched.length > 0) {
    book.conflicts.push({ ...place, sources: sourcesOf([...suppressing, ...unmatched]), unmatched: true })
    return undefined
  }
  noteRetracted(book, [...wide, ...takenBackBy(found, suppressing)])
  booked.suppressed.push(place)
  return becauseOf(booked.document, deciding.statement)
}

function isTrusted(book: JudgedVex, { document }: IndexedStatement): boolean {
  return book.documents[document]?.standing.trusted === true
}

// Nobody whom the policy trusts took it back, and somebody else did: that is told.
function noteRetracted(book: JudgedVex, statements: readonly IndexedStatement[]): void {
  for (const at of new Set(statements.map(({ document }) => document))) {
    const booked = book.documents[at]
    if (booked?.standing.trusted === false) booked.wouldRetract += 1
  }
}

function noteUntrusted(book: JudgedVex, found: readonly IndexedStatement[]): void {
  const documents = new Set(
    found.filter(({ statement }) => suppresses(statement.status)).map(({ document }) => document),
  )
  for (const at of documents) {
    const booked = book.documents[at]
    if (booked?.standing.trusted === false) booked.wouldSuppress += 1
  }
}

function matching(
  book: JudgedVex,
  finding: Finding,
  platform: PlatformAssessment,
  how: keyof ReadScopes = "exact",
): readonly IndexedStatement[] {
  const image = { ...book.image, platform }
  return statementsOn(finding, image, book.index, (at) => book.documents[at]?.document.subject, how)
}
