// The decision about one image, made from reports alone.
import { type Container, type Directory, type File, func, object } from "@dagger.io/dagger"
import { runEnforce, runLedger, runReport } from "#cssc"
import { LedgerFormat } from "./ledger-format.js"
import { ReportFormat } from "./report-format.js"

/** A verdict on reports. It promotes nothing: reports are claims, and only `gate` looks for itself. */
@object()
export class Verdict {
  /** The toolbox that was given, if any: reports are converted with it. */
  containers: Container[] = []

  /** The verdict as Markdown: outcome, reasons, one row per platform, what blocks and what was accepted. */
  @func()
  summary: string = ""

  /** The verdict as canonical JSON: the same facts always give the same bytes, times aside. */
  @func()
  json: string = ""

  /**
   * The result as files, for a job's artifacts, `check` and `promote`.
   *
   * verdict.json, assessment.json, summary.md, and the scanner's reports below reports/.
   */
  @func()
  results!: Directory

  /** promote (it passed), blocked, blocked-missing-sbom or unassessed. */
  @func()
  outcome: string = ""

  /** Whether the image passed. */
  @func()
  passed: boolean = false

  /** Vulnerabilities at or above the threshold, before exceptions. */
  @func()
  blocking: string[] = []

  /** Those that are left after exceptions: what stops the image. */
  @func()
  remaining: string[] = []

  /** Those that exceptions cleared. */
  @func()
  excepted: string[] = []

  /**
   * Counts and lists as JSON, ready for a job's outputs.
   *
   * blocking, remaining and excepted, each as number, list and Markdown.
   */
  @func()
  counts: string = ""

  /** What is accepted, and why, in a format that other tools read: exceptions and overrides. */
  @func()
  async ledger(
    /** openvex, or trivyignore (.trivyignore.yaml). */
    format: LedgerFormat = LedgerFormat.openvex,
  ): Promise<File> {
    return runLedger(this.results, format)
  }

  /** The findings of all platforms in one file of a format that other tools read. */
  @func()
  async report(
    /** json (Trivy's), sarif, table, cyclonedx or github. */
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
