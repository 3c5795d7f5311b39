// What a promotion did.
import { type Directory, func, object } from "@dagger.io/dagger"
import { runEnforce } from "#cssc"

/** A promoted image, or why it was not: what was copied, attached, left behind and deleted. */
@object()
export class Promotion {
  /** The result as Markdown, for a job's summary. */
  @func()
  summary: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes, times aside. */
  @func()
  json: string = ""

  /**
   * The result as files, for a job's artifacts and for `check`.
   *
   * result.json, verdict.json, assessment.json, summary.md, and the scanner's reports below reports/.
   */
  @func()
  results!: Directory

  /** promote, unchanged, dryrun, blocked, blocked-missing-sbom or unassessed. */
  @func()
  outcome: string = ""

  /** Whether a pipeline may go on: promote, unchanged or dryrun. */
  @func()
  passed: boolean = false

  /** The digest that was judged, and promoted if it passed. */
  @func()
  digest: string = ""

  /** Fails unless the image passed, after it told why: a pipeline's step. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }
}
