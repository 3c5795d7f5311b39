// VEX at work on one image: each finding gets the newest statement that speaks of it, and it is remembered what every
// document did, what contradicted, and what matched nothing.
import type { Assessment, PlatformAssessment } from "../../findings/assessment.js"
import type { Finding } from "../../findings/finding.js"
import type { Digest } from "../../oci/digest.js"
import { isSuppressing, type VexProblem } from "../../vex/vex-document.js"
import type { Policy } from "../document/policy.js"
import type { JudgedFinding } from "../verdict/verdict.js"
import { type JudgedDocument, type Place } from "./judged-document.js"
import type { JudgedImage } from "./match-image.js"
import { isAbout, newestOf, statementsOn, takenBackBy } from "./match-statement.js"
import type { ReadScopes } from "./scope.js"
import { standingOf, unreadStanding } from "./standing.js"
import { type IndexedStatement, indexStatements, type StatementIndex } from "./statement-index.js"
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
  /** Documents that could not be read, by somebody whose word counts: each may take back anything. */
  readonly unread: readonly VexProblem[]
  readonly conflicts: VexConflict[]
  readonly image: Omit<JudgedImage, "platform">
  readonly index: StatementIndex
}

/** Matches the documents of a sorted assessment; nothing when nobody looked for VEX. */
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
  const unread = vex.problems.filter((problem) => unreadStanding(problem, assessment, policy).trusted)
  return {
    documents,
    unread,
    conflicts: [],
    image: { digest: image.digest, names: vex.products, platforms: digests },
    index,
  }
}

/** Notes what the statements match on a platform, whatever the findings' severity. */
export function recordMatches(vex: JudgedVex | undefined, platform: PlatformAssessment): void {
  if (vex === undefined) return
  for (const finding of platform.scan?.findings ?? []) {
    for (const { document, statement } of matching(vex, finding, platform)) {
      vex.documents[document]?.matched.add(statement.vulnerability)
    }
  }
}

/** The statement that suppresses a finding, if any; asked only for findings that would count. */
export function suppressionOf(
  vex: JudgedVex | undefined,
  finding: Finding,
  platform: PlatformAssessment,
): Because | undefined {
  if (vex === undefined) return undefined
  const place = { id: finding.id, platform: platform.platform, purl: finding.purl }
  const found = matching(vex, finding, platform)
  countUntrusted(vex, found)
  const newest = newestOf(found.filter((one) => isTrusted(vex, one)))
  const suppressing = newest.filter(({ statement }) => isSuppressing(statement.status))
  const [deciding] = suppressing
  const judged = deciding === undefined ? undefined : vex.documents[deciding.document]
  if (deciding === undefined || judged === undefined) return undefined
  const sourcesOf = (all: readonly IndexedStatement[]) =>
    all.map(({ document }) => sourceOf(vex.documents[document]?.document))
  // Two that say the same in other words, such as fixed and not affected, are no conflict.
  if (suppressing.length < newest.length) {
    vex.conflicts.push({ ...place, sources: sourcesOf(newest), unmatched: false })
    return undefined
  }
  const wide = takenBackBy(matching(vex, finding, platform, "wide"), suppressing)
  const unmatched = wide.filter((one) => isTrusted(vex, one))
  const unread = vex.unread.filter(({ subject }) => isAbout(subject, vex.image.digest, platform))
  if (unmatched.length + unread.length > 0) {
    const sources = [...sourcesOf([...suppressing, ...unmatched]), ...unread.map(sourceOf)]
    vex.conflicts.push({ ...place, sources, unmatched: true })
    return undefined
  }
  countRetracted(vex, [...wide, ...takenBackBy(found, suppressing)])
  judged.suppressed.push(place)
  return becauseOf(judged.document, deciding.statement)
}

function isTrusted(vex: JudgedVex, { document }: IndexedStatement): boolean {
  return vex.documents[document]?.standing.trusted === true
}

// Nobody whom the policy trusts took it back, and somebody else did: that is told.
function countRetracted(vex: JudgedVex, statements: readonly IndexedStatement[]): void {
  for (const at of new Set(statements.map(({ document }) => document))) {
    const judged = vex.documents[at]
    if (judged?.standing.trusted === false) judged.wouldRetract += 1
  }
}

function countUntrusted(vex: JudgedVex, found: readonly IndexedStatement[]): void {
  const documents = new Set(
    found.filter(({ statement }) => isSuppressing(statement.status)).map(({ document }) => document),
  )
  for (const at of documents) {
    const judged = vex.documents[at]
    if (judged?.standing.trusted === false) judged.wouldSuppress += 1
  }
}

function matching(
  vex: JudgedVex,
  finding: Finding,
  platform: PlatformAssessment,
  how: keyof ReadScopes = "exact",
): readonly IndexedStatement[] {
  const image = { ...vex.image, platform }
  return statementsOn(finding, image, vex.index, (at) => vex.documents[at]?.document.subject, how)
}
