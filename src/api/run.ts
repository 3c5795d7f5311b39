// What a run over a whole quarantine did.
import { type Directory, func, object } from "@dagger.io/dagger"
import { runEnforce } from "#cssc"

/** A run over many tags: each one's outcome, with its reasons. */
@object()
export class Run {
  /** One row per tag and a table of all platforms, as Markdown for a job's summary. */
  @func()
  summary: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes, times aside. */
  @func()
  json: string = ""

  /**
   * The result as files, for a job's artifacts and for `check`.
   *
   * result.json, summary.md, and each tag's own results below tags/.
   */
  @func()
  results!: Directory

  /** Whether every tag passed. */
  @func()
  passed: boolean = false

  /** Fails unless every tag passed, after it told why: a pipeline's step. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }
}
