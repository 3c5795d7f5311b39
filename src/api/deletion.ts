// What was deleted.
import { dag, type Directory, func, object } from "@dagger.io/dagger"

/** A deleted image: what went, what stayed and why. */
@object()
export class Deletion {
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

  /** deleted, skipped (something still needs it) or failed (the registry refused). */
  @func({ cache: "never" })
  status(): string {
    return (JSON.parse(this.document) as { status: string }).status
  }
}
