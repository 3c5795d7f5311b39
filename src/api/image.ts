// What a reference stands for now.
import { type Directory, func, object } from "@dagger.io/dagger"

/** An image with its platforms and everything that is attached to it. */
@object()
export class Image {
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

  /** The digest that the reference stands for. */
  @func()
  digest: string = ""

  /** The reference with its digest: what to scan, copy or deploy, since it cannot move. */
  @func()
  reference: string = ""

  /** The platforms, as os/architecture[/variant]. */
  @func()
  platforms: string[] = []
}
