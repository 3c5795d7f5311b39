// What a run over a whole quarantine did.
import { type Container, type Directory, type File, func, object } from "@dagger.io/dagger"
import { runEnforce, runReport } from "#cssc"
import { ReportFormat } from "./report-format.js"

/** A run over many tags: each one's outcome, with its reasons. */
@object()
export class Run {
  /** The toolbox that was given, if any: reports are converted with it. */
  containers: Container[] = []

  /** One row per tag and a table of all platforms, as text for a terminal. */
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
   * result.json, summary.md and .txt, results.sarif, junit.xml, gl-container-scanning-report.json, vex.cdx.json,
   * report.html, and each tag's own results below tags/.
   */
  @func()
  results!: Directory

  /** What was found and decided, in one file of a format that people or other tools read. */
  @func()
  async report(
    /** html, markdown, sarif, junit, gitlab, vex; or of the scanner: json, table, cyclonedx, github. */
    format: ReportFormat = ReportFormat.json,
  ): Promise<File> {
    return runReport(this, format)
  }

  /** Whether every tag passed. */
  @func()
  passed: boolean = false

  /** Fails unless every tag passed, after it told why: a pipeline's step. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }
}
