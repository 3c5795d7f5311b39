// What a run over a whole quarantine did.
import { type Directory, func, object } from "@dagger.io/dagger"

/** A run over many tags: each one's outcome, with its reasons. */
@object()
export class Run {
  document = ""
  markdown = ""
  output!: Directory

  /** One row per tag and a table of all platforms, as Markdown for a job's summary. */
  @func({ cache: "never" })
  summary(): string {
    return this.markdown
  }

  /** The result as canonical JSON: the same facts always give the same bytes, times aside. */
  @func({ cache: "never" })
  json(): string {
    return this.document
  }

  /**
   * The result as files, for a job's artifacts and for `check`.
   *
   * result.json, summary.md, and each tag's own results below tags/.
   */
  @func({ cache: "session" })
  results(): Directory {
    return this.output
  }
}
