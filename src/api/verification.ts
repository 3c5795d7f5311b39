// What was proven about an image.
import { dag, type Directory, func, object } from "@dagger.io/dagger"

/** An image that may be deployed: who says so, since when, by which policy. */
@object()
export class Verification {
  document = ""
  markdown = ""

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

  /** The reference with the digest that was verified: what to deploy, since it cannot move. */
  @func({ cache: "never" })
  reference(): string {
    return (JSON.parse(this.document) as { image: string }).image
  }
}
