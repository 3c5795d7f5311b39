// What a reference stands for now.
import { dag, type Directory, func, object } from "@dagger.io/dagger"

/** An image with its platforms and everything that is attached to it. */
@object()
export class Image {
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

  /** The digest that the reference stands for. */
  @func({ cache: "never" })
  digest(): string {
    return (JSON.parse(this.document) as { digest: string }).digest
  }

  /** The reference with its digest: what to scan, copy or deploy, since it cannot move. */
  @func({ cache: "never" })
  reference(): string {
    return (JSON.parse(this.document) as { reference: string }).reference
  }

  /** The platforms, as os/architecture[/variant]. */
  @func({ cache: "never" })
  platforms(): string[] {
    return (JSON.parse(this.document) as { platforms: { platform: string }[] }).platforms.map(
      ({ platform }) => platform,
    )
  }
}
