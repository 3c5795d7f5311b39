// What a mirror did.
import { dag, type Directory, func, object } from "@dagger.io/dagger"

/** A mirrored image: what was copied, what was there, and how many requests we made for it (a copy of layers is one `COPY`). */
@object()
export class Mirror {
  document = ""
  markdown = ""
  note = ""

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

  /** Whether anything was copied. */
  @func({ cache: "never" })
  copied(): boolean {
    return (JSON.parse(this.document) as { copied: boolean }).copied
  }

  /** The image's digest, at the source and at the target. */
  @func({ cache: "never" })
  digest(): string {
    return (JSON.parse(this.document) as { digest: string }).digest
  }

  /** What the target's tag stood for before; empty when it was not there. */
  @func({ cache: "never" })
  previousDigest(): string {
    return (JSON.parse(this.document) as { previousDigest?: string }).previousDigest ?? ""
  }

  /** One line on what is attached at both ends. */
  @func({ cache: "never" })
  referrersNote(): string {
    return this.note
  }
}
