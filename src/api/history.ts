// What was acquired before.
import { type Directory, func, object } from "@dagger.io/dagger"

/** The mirror history of a repository: every digest that was acquired into it, and by which run. */
@object()
export class History {
  /** The result as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes. */
  @func()
  json: string = ""

  /** The result as files: result.json, summary.md, summary.txt and requests.json. */
  @func()
  results!: Directory
}
