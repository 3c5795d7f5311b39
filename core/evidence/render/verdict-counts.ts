// The numbers and lists that pipelines act on, by the names that the composite actions gave them.
import { escapeCode } from "../../page/markdown-escape.js"
import type { Outcome, Verdict } from "../../policy/verdict/verdict.js"

export type Counts = {
  /** The outcome; a verdict that passes is `dryrun` when nothing shall be written. */
  readonly decision: Outcome | "dryrun"
  readonly platformCount: number
  readonly missingSbomCount: number
  readonly unassessedCount: number
  /** Distinct ids at or above the threshold, before exceptions. */
  readonly blockingCount: number
  readonly remainingCount: number
  readonly exceptedCount: number
  /** Ids between pipes. */
  readonly blocking: string
  readonly remaining: string
  readonly excepted: string
  /** Ids between commas, safe in Markdown. */
  readonly blockingMarkdown: string
  readonly remainingMarkdown: string
  readonly exceptedMarkdown: string
}

export function counts(verdict: Verdict, options: { readonly dryRun?: boolean } = {}): Counts {
  const { blocking, remaining, excepted, platforms } = verdict
  return {
    decision: verdict.passed && options.dryRun === true ? "dryrun" : verdict.outcome,
    platformCount: platforms.length,
    missingSbomCount: platforms.filter(({ missingSbom }) => missingSbom).length,
    unassessedCount: platforms.reduce((sum, { unassessed }) => sum + unassessed.length, 0),
    blockingCount: blocking.length,
    remainingCount: remaining.length,
    exceptedCount: excepted.length,
    blocking: blocking.join("|"),
    remaining: remaining.join("|"),
    excepted: excepted.join("|"),
    blockingMarkdown: markdownList(blocking),
    remainingMarkdown: markdownList(remaining),
    exceptedMarkdown: markdownList(excepted),
  }
}

function markdownList(ids: readonly string[]): string {
  return ids.map((id) => escapeCode(id)).join(", ")
}
