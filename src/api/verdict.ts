// The decision about one image, made from reports alone.
import { type Container, type Directory, type File, func, object, type Secret, type Service } from "@dagger.io/dagger"
import { counts, ledgerFile, runReport, type Verdict as VerdictDocument } from "#cssc"
import { LedgerFormat } from "./ledger-format.js"
import { ReportFormat } from "./report-format.js"

/** A verdict on reports. It promotes nothing: reports are claims, and only `gate` looks for itself. */
@object()
export class Verdict {
  config = ""
  secrets: Secret[] = []
  services: Service[] = []
  files: File[] = []
  containers: Container[] = []
  directories: Directory[] = []
  decision = ""
  assessment = ""
  markdown = ""
  output!: Directory

  /** The verdict as Markdown: outcome, reasons, one row per platform, what blocks and what was accepted. */
  @func({ cache: "never" })
  summary(): string {
    return this.markdown
  }

  /** The verdict as canonical JSON: the same facts always give the same bytes, times aside. */
  @func({ cache: "never" })
  json(): string {
    return this.decision
  }

  /**
   * The result as files, for a job's artifacts, `check` and `promote`.
   *
   * verdict.json, assessment.json, summary.md, and the scanner's reports below reports/.
   */
  @func({ cache: "session" })
  results(): Directory {
    return this.output
  }

  /** promote (it passed), blocked, blocked-missing-sbom or unassessed. */
  @func({ cache: "never" })
  outcome(): string {
    return parse(this.decision).outcome
  }

  /** Whether the image passed. */
  @func({ cache: "never" })
  passed(): boolean {
    return parse(this.decision).passed
  }

  /** Vulnerabilities at or above the threshold, before exceptions. */
  @func({ cache: "never" })
  blocking(): string[] {
    return [...parse(this.decision).blocking]
  }

  /** Those that are left after exceptions: what stops the image. */
  @func({ cache: "never" })
  remaining(): string[] {
    return [...parse(this.decision).remaining]
  }

  /** Those that exceptions cleared. */
  @func({ cache: "never" })
  excepted(): string[] {
    return [...parse(this.decision).excepted]
  }

  /**
   * Counts and lists as JSON, ready for a job's outputs.
   *
   * blocking, remaining and excepted, each as number, list and Markdown.
   */
  @func({ cache: "never" })
  counts(): string {
    return JSON.stringify(counts(parse(this.decision)))
  }

  /** What is accepted, and why, in a format that other tools read: exceptions and overrides. */
  @func({ cache: "session" })
  ledger(
    /** openvex, or trivyignore (.trivyignore.yaml). */
    format: LedgerFormat = LedgerFormat.openvex,
  ): File {
    return ledgerFile(parse(this.decision), format)
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

function parse(verdict: string): VerdictDocument {
  return JSON.parse(verdict) as VerdictDocument
}
