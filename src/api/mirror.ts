// What a mirror did.
import { type Directory, func, object } from "@dagger.io/dagger"
import { runEnforce } from "#cssc"

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

  /** Whether every tag that was asked for passed; one image that fails is an error. */
  @func()
  passed: boolean = false

  /** Fails unless all passed, after it told why: a pipeline's step. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }

  /** The image's digest, at the source and at the target; empty for many tags. */
  @func()
  digest: string = ""

  /** What the target's tag stood for before; empty when it was not there. */
  @func()
  previousDigest: string = ""

  /** One line on what is attached at both ends. */
  @func()
  referrersNote: string = ""
}
