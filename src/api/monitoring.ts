// What became of golden images since they were judged last.
import { type Directory, func, object } from "@dagger.io/dagger"
import { runEnforce } from "#cssc"

/** Golden images judged again by today's database: what changed, and what would be blocked now. */
@object()
export class Monitoring {
  /** What changed and what would be blocked, as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON; `failures` lists what would be blocked. */
  @func()
  json: string = ""

  /** The result as files, for `events`, `notify`, `check` and `earlier`. */
  @func()
  results!: Directory

  /** The tags whose verdict changed, or of which nothing is known. */
  @func()
  changed: string[] = []

  /** Whether every image was read and would pass now. */
  @func()
  passed: boolean = false

  /** Fails when any image would be blocked now or was not read. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }
}
