// What a promotion did.
import { type Container, type Directory, type File, func, object } from "@dagger.io/dagger"
import { runEnforce, runReport } from "#cssc"
import { ReportFormat } from "./report-format.js"

/** A promoted image, or why it was not: what was copied, attached, left behind and deleted. */
@object()
export class Promotion {
  /** The toolbox that was given, if any: reports are converted with it. */
  containers: Container[] = []

  /** The result as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The result as canonical JSON: the same facts always give the same bytes, times aside. */
  @func()
  json: string = ""

  /**
   * The result as files, for a job's artifacts and for `check`.
   *
   * result.json, verdict.json, assessment.json, summary.md and .txt, results.sarif, junit.xml,
   * gl-container-scanning-report.json, vex.cdx.json, report.html, and the scanner's reports below reports/.
   */
  @func()
  results!: Directory

  /** promote, unchanged, dryrun, blocked, blocked-missing-sbom or unassessed. */
  @func()
  outcome: string = ""

  /** Whether a pipeline may go on: promote, unchanged or dryrun. */
  @func()
  passed: boolean = false

  /** The digest that was judged, and promoted if it passed. */
  @func()
  digest: string = ""

  /** What was found and decided, in one file of a format that people or other tools read. */
  @func()
  async report(
    /** html, markdown, sarif, junit, gitlab, vex; or of the scanner: json, table, cyclonedx, github. */
    format: ReportFormat = ReportFormat.json,
  ): Promise<File> {
    return runReport(this, format)
  }

  /** Fails unless the image passed, after it told why: a pipeline's step. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }
}
