// Another tool's file, as a fleet file.
import { type Directory, func, object } from "@dagger.io/dagger"

/** An imported file: ours, and a table of what has no counterpart. */
@object()
export class ConfigImport {
  /** What has no counterpart and what to do instead, and the file, as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown. */
  @func()
  markdown: string = ""

  /** The same as canonical JSON. */
  @func()
  json: string = ""

  /** cssc.yaml, result.json, summary.md and summary.txt. */
  @func()
  results!: Directory

  /** The fleet file's text. */
  @func()
  yaml: string = ""
}
