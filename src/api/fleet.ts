// What became of a fleet.
import { type Directory, func, object } from "@dagger.io/dagger"
import { runEnforce } from "#cssc"

/** A fleet that was applied, or the results of its shards as one: each image's outcome. */
@object()
export class Fleet {
  /** What was done and what failed, as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON; `failures` lists what did not pass. */
  @func()
  json: string = ""

  /**
   * The result as files, for a job's artifacts, `check` and `merge`.
   *
   * result.json, summary.md and .txt, and below runs/ the results of each promotion, as promoteQuarantine has them.
   */
  @func()
  results!: Directory

  /** Of the configuration and of how every image ended. */
  @func()
  digest: string = ""

  /** Whether every image passed and every pattern matched. */
  @func()
  passed: boolean = false

  /** Fails unless all passed, after it told why: a pipeline's step. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }
}
