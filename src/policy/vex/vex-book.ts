// VEX at work on one image: each finding gets the newest statement that speaks of it, and the book remembers what every
// document did, what contradicted, and what matched nothing.
import type { Assessment, PlatformAssessment } from "../../findings/assessment.js"
import type { Finding } from "../../findings/finding.js"
import type { Digest } from "../../oci/digest.js"
import type { VexDocument } from "../../vex/vex-document.js"
import type { Policy } from "../policy.js"
import type { JudgedFinding } from "../verdict.js"
import type { JudgedImage } from "./match-image.js"
import { newestOf, statementsOn } from "./match-statement.js"
import { type Standing, standingOf } from "./standing.js"
import { type IndexedStatement, indexStatements, type StatementIndex } from "./statement-index.js"
import { suppresses } from "./usable.js"
import { becauseOf, sourceOf } from "./vex-use.js"

type Because = NonNullable<JudgedFinding["because"]>
type Place = { readonly id: string; readonly platform: string; readonly purl: string }

/** One document in the book. */
export type BookedDocument = {
  readonly document: VexDocument
  readonly standing: Standing
  /** Statements and products that cannot be used, each as `<vulnerability> <why>`. */
  readonly shortcomings: readonly string[]
  readonly suppressed: Place[]
  /** Vulnerabilities of statements that match a finding. */
  readonly matched: Set<string>
  /** Findings that it would have suppressed, had it been trusted. */
  wouldSuppress: number
}

export type VexBook = {
  readonly documents: readonly BookedDocument[]
  readonly conflicts: (Place & { readonly sources: readonly string[] })[]
  readonly image: Omit<JudgedImage, "platform">
  readonly index: StatementIndex
}

/** Opens the book on a sorted assessment; nothing when nobody looked for VEX. */
export function openVexBook(assessment: Assessment, policy: Policy, now: Date): VexBook | undefined {
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
  }))
  const digests = new Set<Digest>(platforms.map(({ digest }) => digest))
  return { documents, conflicts: [], image: { digest: image.digest, names: vex.products, platforms: digests }, index }
}

/** Notes what the statements match on a platform, whatever the findings' severity. */
export function noteMatches(book: VexBook | undefined, platform: PlatformAssessment): void {
  if (book === undefined) return
  for (const finding of platform.scan?.findings ?? []) {
    for (const { document, statement } of matching(book, finding, platform)) {
      book.documents[document]?.matched.add(statement.vulnerability)
    }
  }
}

/** The statement that suppresses a finding, if any; asked only for findings that would count. */
export function suppressionOf(
  book: VexBook | undefined,
  finding: Finding,
  platform: PlatformAssessment,
): Because | undefined {
  if (book === undefined) return undefined
  const place = { id: finding.id, platform: platform.platform, purl: finding.purl }
  const found = matching(book, finding, platform)
  const trusted = found.filter(({ document }) => book.documents[document]?.standing.trusted === true)
  noteUntrusted(book, found)
  const newest = newestOf(trusted)
  const [deciding] = newest.filter(({ statement }) => suppresses(statement.status))
  const booked = deciding === undefined ? undefined : book.documents[deciding.document]
  if (deciding === undefined || booked === undefined) return undefined
  // Two that say the same in other words, such as fixed and not affected, are no conflict.
  if (newest.some(({ statement }) => !suppresses(statement.status))) {
    book.conflicts.push({
      ...place,
      sources: newest.map(({ document }) => sourceOf(book.documents[document]?.document)),
    })
    return undefined
  }
  booked.suppressed.push(place)
  return becauseOf(booked.document, deciding.statement)
}

function noteUntrusted(book: VexBook, found: readonly IndexedStatement[]): void {
  const documents = new Set(
    found.filter(({ statement }) => suppresses(statement.status)).map(({ document }) => document),
  )
  for (const at of documents) {
    const booked = book.documents[at]
    if (booked?.standing.trusted === false) booked.wouldSuppress += 1
  }
}

function matching(book: VexBook, finding: Finding, platform: PlatformAssessment): readonly IndexedStatement[] {
  const image = { ...book.image, platform }
  return statementsOn(finding, image, book.index, (at) => book.documents[at]?.document.subject)
}
