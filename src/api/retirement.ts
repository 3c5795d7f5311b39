// An image at the end of its life.
import { dag, type Directory, func, object } from "@dagger.io/dagger"

/** A retired image: what is in its archive, its tombstone, and what became of it. */
@object()
export class Retirement {
  document = ""
  markdown = ""
  layout!: Directory

  /**
   * The image and all that is attached to it, as an OCI layout to export and keep.
   *
   * Empty after a dry run.
   */
  @func({ cache: "session" })
  archive(): Directory {
    return this.layout
  }

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

  /** The result as files: result.json and summary.md. */
  @func({ cache: "session" })
  results(): Directory {
    return dag.directory().withNewFile("result.json", this.document).withNewFile("summary.md", this.markdown)
  }
}
