// What a mirror did.
import { type Directory, func, object } from "@dagger.io/dagger"

/**
 * A mirrored image: what was copied, what was there, and how many requests it took.
 *
 * Requests are our own; a copy of layers by oras counts as one `COPY`.
 */
@object()
export class Mirror {
  /** The result as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes. */
  @func()
  json: string = ""

  /** The result as files: result.json, summary.md, summary.txt and requests.json. */
  @func()
  results!: Directory

  /** Whether anything was copied. */
  @func()
  copied: boolean = false

  /** The image's digest, at the source and at the target. */
  @func()
  digest: string = ""

  /** What the target's tag stood for before; empty when it was not there. */
  @func()
  previousDigest: string = ""

  /** One line on what is attached at both ends. */
  @func()
  referrersNote: string = ""
}
