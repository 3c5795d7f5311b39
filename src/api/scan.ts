// What a scan found.
import { type Container, type Directory, type File, func, object, type Secret, type Service } from "@dagger.io/dagger"
import { runReport } from "#cssc"
import { ReportFormat } from "./report-format.js"

/** A scanned image: what was found on every platform, before any policy looked at it. */
@object()
export class Scan {
  config = ""
  secrets: Secret[] = []
  services: Service[] = []
  files: File[] = []
  containers: Container[] = []
  directories: Directory[] = []
  assessment = ""
  markdown = ""
  output!: Directory

  /** One row per platform with its findings by severity, as Markdown. */
  @func({ cache: "never" })
  summary(): string {
    return this.markdown
  }

  /** The assessment as canonical JSON: every finding, unfiltered, with what could not be assessed. */
  @func({ cache: "never" })
  json(): string {
    return this.assessment
  }

  /**
   * The result as files, for `evaluate`.
   *
   * assessment.json, summary.md, and the scanner's reports, one per platform, below reports/.
   */
  @func({ cache: "session" })
  results(): Directory {
    return this.output
  }

  /** The findings of all platforms in one file of a format that other tools read. */
  @func({ cache: "session" })
  async report(
    /** json (Trivy's), sarif, table, cyclonedx or github. */
    format: ReportFormat = ReportFormat.json,
  ): Promise<File> {
    return runReport(this, { assessment: this.assessment, markdown: this.markdown, files: this.output }, format)
  }
}
