// What a promotion did.
import { type Directory, func, object } from "@dagger.io/dagger"

/** A promoted image, or why it was not: what was copied, attached, left behind and deleted. */
@object()
export class Promotion {
  document = ""
  markdown = ""
  output!: Directory

  /** The result as Markdown, for a job's summary. */
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
   * result.json, verdict.json, assessment.json, summary.md, and the scanner's reports below reports/.
   */
  @func({ cache: "session" })
  results(): Directory {
    return this.output
  }

  /** promote, unchanged, dryrun, blocked, blocked-missing-sbom or unassessed. */
  @func({ cache: "never" })
  outcome(): string {
    return (JSON.parse(this.document) as { outcome: string }).outcome
  }

  /** The digest that was judged, and promoted if it passed. */
  @func({ cache: "never" })
  digest(): string {
    return (JSON.parse(this.document) as { digest: string }).digest
  }
}
