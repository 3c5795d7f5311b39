// What leaves a quarantine.
import { type Directory, func, object } from "@dagger.io/dagger"
import { runEnforce } from "#cssc"

/** A plan of what may leave a quarantine, or what left it: every image with the reason why. */
@object()
export class Retention {
  /** Every image and why it goes or stays, as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON; `failures` lists deletions that failed. */
  @func()
  json: string = ""

  /** The result as files; those of a plan are what `plan` takes. */
  @func()
  results!: Directory

  /** Whether nothing that was to be deleted failed. */
  @func()
  passed: boolean = false

  /** Fails when a deletion failed or is not possible here. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }
}
