// What was proven about an image.
import { type Directory, func, object } from "@dagger.io/dagger"

/** An image that may be deployed: who says so, since when, by which policy. */
@object()
export class Verification {
  /** The result as Markdown, for a job's summary. */
  @func()
  summary: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes. */
  @func()
  json: string = ""

  /** The result as files: result.json and summary.md. */
  @func()
  results!: Directory

  /** The reference with the digest that was verified: what to deploy, since it cannot move. */
  @func()
  reference: string = ""
}
