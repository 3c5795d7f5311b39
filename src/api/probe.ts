// What a registry can do.
import { type Directory, func, object } from "@dagger.io/dagger"

/** A registry's capabilities, each with a verdict (yes, no, lies, unknown) and the answer that showed it. */
@object()
export class Probe {
  /** The result as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON. */
  @func()
  json: string = ""

  /** The result as files: result.json, summary.md, summary.txt and requests.json. */
  @func()
  results!: Directory
}
