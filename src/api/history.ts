// What was acquired before.
import { type Directory, func, object } from "@dagger.io/dagger"

/** The mirror history of a repository: every digest that was acquired into it, and by which run. */
@object()
export class History {
  /** The result as Markdown, for a job's summary. */
  @func()
  summary: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes. */
  @func()
  json: string = ""

  /** The result as files: result.json and summary.md. */
  @func()
  results!: Directory
}
