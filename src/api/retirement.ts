// An image at the end of its life.
import { type Directory, func, object } from "@dagger.io/dagger"

/** A retired image: what is in its archive, its tombstone, and what became of it. */
@object()
export class Retirement {
  /**
   * The image and all that is attached to it, as an OCI layout to export and keep.
   *
   * Empty after a dry run.
   */
  @func()
  archive!: Directory

  /** The result as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes, times aside. */
  @func()
  json: string = ""

  /** The result as files: result.json, summary.md, summary.txt and requests.json. */
  @func()
  results!: Directory
}
