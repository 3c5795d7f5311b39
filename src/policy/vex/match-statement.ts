// Which statements speak about a finding on a platform, and which of them are in force.
import type { Finding } from "../../findings/finding.js"
import type { VexDocument } from "../../vex/vex-document.js"
import { type JudgedImage, namesImage } from "./match-image.js"
import { namesPackage } from "./match-package.js"
import { packageKey, parseQualifiedPurl, type QualifiedPurl } from "./qualified-purl.js"
import { type IndexedStatement, type Scope, type StatementIndex, statementsAbout } from "./statement-index.js"

/** The statements about a finding in this image, in order; `subjectOf` says what a document is attached to. */
export function statementsOn(
  finding: Finding,
  image: JudgedImage,
  index: StatementIndex,
  subjectOf: (document: number) => VexDocument["subject"],
): readonly IndexedStatement[] {
  const about = statementsAbout(index, finding)
  if (about.length === 0) return []
  const purl = parseQualifiedPurl(finding.purl)
  const key = purl === undefined ? undefined : packageKey(purl)
  return about.filter(({ document, scopes }) => {
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

function covers({ image, purl }: Scope, found: QualifiedPurl | undefined, judged: JudgedImage): boolean {
  if (image !== undefined && !namesImage(image, judged)) return false
  return purl === undefined || (found !== undefined && namesPackage(purl, found, judged.platform))
}
