// What the verdict says of VEX: of each finding why it does not block, and of each document what it did.
import { compareText, sortCanonical } from "../../findings/canonical-json.js"
import type { VexDocument, VexProblem, VexStatement } from "../../vex/vex-document.js"
import type { JudgedFinding, VexUse } from "../verdict/verdict.js"
import type { JudgedDocument } from "./judged-document.js"

type Because = NonNullable<JudgedFinding["because"]>

const maxUnmatched = 1000

/** What each document did, for the verdict. */
export function vexUsesOf(documents: readonly JudgedDocument[]): VexUse[] {
  return documents.map(({ document, standing, suppressed, matched }) => {
    const { source, digest, format, author, signature, statements } = document
    const unmatched = new Set(statements.map(({ vulnerability }) => vulnerability).filter((id) => !matched.has(id)))
    return {
      source,
      digest,
      format,
      author,
      ...(signature.publisher === undefined ? {} : { publisher: signature.publisher }),
      signature: signature.status,
      trusted: standing.trusted,
      ...(standing.trusted ? {} : { why: standing.why.slice(0, 8192) }),
      suppressed: sortCanonical(suppressed),
      unmatched: [...unmatched].sort(compareText).slice(0, maxUnmatched),
      statements: statements.length,
    }
  })
}

/** Why a finding does not block. */
export function becauseOf(document: VexDocument, { status, justification, note }: VexStatement): Because {
  const why = [justification, note].filter((part) => (part ?? "") !== "").join(". ")
  const { publisher = "" } = document.signature
  const speaker = document.origin === "referrer" && publisher !== "" ? publisher : document.author
  return {
    by: speaker,
    statement: `${status}${why === "" ? "" : `: ${why}`}`.slice(0, 8192),
    source: sourceOf(document),
  }
}

export function sourceOf(document: Pick<VexProblem, "origin" | "source"> | undefined): string {
  return document === undefined ? "" : `${document.origin} ${document.source}`
}
