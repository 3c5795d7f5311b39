// What was attached.
import { dag, type Directory, func, object } from "@dagger.io/dagger"

/** What was attached to an image, or was there already. */
@object()
export class Attachment {
  document = ""
  markdown = ""

  /** The result as Markdown, for a job's summary. */
  @func({ cache: "never" })
  summary(): string {
    return this.markdown
  }

  /** The result as canonical JSON: the same facts always give the same bytes. */
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
