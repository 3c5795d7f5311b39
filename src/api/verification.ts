// What was proven about an image.
import { type Directory, func, object } from "@dagger.io/dagger"

/** An image that may be deployed: who says so, since when, by which policy. */
@object()
export class Verification {
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

  /** The reference with the digest that was verified: what to deploy, since it cannot move. */
  @func()
  reference: string = ""
}
