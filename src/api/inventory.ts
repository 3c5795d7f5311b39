// What a trusted repository holds.
import { type Directory, func, object } from "@dagger.io/dagger"

/** The tags of a trusted repository: what may be deployed, until when, and what may not, with the reason. */
@object()
export class Inventory {
  /** The result as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes, times aside. */
  @func()
  json: string = ""

  /** The result as files: result.json, summary.md and .txt, requests.json and report.html. */
  @func()
  results!: Directory

  /** The tags that may not be deployed now, or of which nothing is known. */
  @func()
  unproven: string[] = []
}
