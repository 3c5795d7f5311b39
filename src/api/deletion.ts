// What was deleted.
import { type Directory, func, object } from "@dagger.io/dagger"

/** A deleted image: what went, what stayed and why. */
@object()
export class Deletion {
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

  /** deleted, skipped (something still needs it) or failed (the registry refused). */
  @func()
  status: string = ""
}
