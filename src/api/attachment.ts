// What was attached.
import { type Directory, func, object } from "@dagger.io/dagger"

/** What was attached to an image, or was there already. */
@object()
export class Attachment {
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
