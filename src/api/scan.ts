// What a scan found.
import { type Container, type Directory, type File, func, object } from "@dagger.io/dagger"
import { runReport } from "#cssc"
import { ReportFormat } from "./report-format.js"

/** A scanned image: what was found on every platform, before any policy looked at it. */
@object()
export class Scan {
  /** The toolbox that was given, if any: reports are converted with it. */
  containers: Container[] = []

  /** One row per platform with its findings by severity, as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The assessment as canonical JSON: every finding, unfiltered, with what could not be assessed. */
  @func()
  json: string = ""

  /**
   * The result as files, for `evaluate`.
   *
   * assessment.json, summary.md and .txt, results.sarif, junit.xml,
   * gl-container-scanning-report.json, vex.cdx.json, report.html, and the scanner's reports, one per platform, below reports/.
   */
  @func()
  results!: Directory

  /** What was found, in one file of a format that people or other tools read. */
  @func()
  async report(
    /** html, markdown, sarif, junit, gitlab, vex; or of the scanner: json, table, cyclonedx, github. */
    format: ReportFormat = ReportFormat.json,
  ): Promise<File> {
    return runReport(this, format)
  }
}
