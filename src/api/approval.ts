// What became of an answer to a request for approval.
import { type Directory, func, object } from "@dagger.io/dagger"

/** A decision that was carried out: a promotion by somebody who answers for it, or a denial. */
@object()
export class Approval {
  /** Who decided what, and the promotion, for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary. */
  @func()
  markdown: string = ""

  /** The decision as canonical JSON: issue, comment, approver and role, digest, command, outcome. */
  @func()
  json: string = ""

  /**
   * The result as files, for a job's artifacts, `check` and `events`.
   *
   * Of a promotion its own, and approval.json; of a denial the decision as result.json, and summary.md and .txt.
   */
  @func()
  results!: Directory

  /** promoted, unchanged (it was promoted already), denied or dryrun. */
  @func()
  outcome: string = ""

  /** The digest that was decided about. */
  @func()
  digest: string = ""
}
