// The decision about one image, and the way from it into the trusted registry.
import { type Container, type Directory, type File, func, object, type Secret, type Service } from "@dagger.io/dagger"
import { fill, runAttest, runEnforce, runGateReport, runOverride, runPromoteGated, runVerdict } from "#cssc"
import { Attachment } from "./attachment.js"
import { Promotion } from "./promotion.js"
import { ReportFormat } from "./report-format.js"
import { Verdict } from "./verdict.js"

/** A gated image: scanned and judged just now. The trusted path goes on from here with promote. */
@object()
export class Gate {
  config = ""
  secrets: Secret[] = []
  services: Service[] = []
  files: File[] = []
  containers: Container[] = []
  directories: Directory[] = []
  image = ""

  /**
   * The verdict as text for a terminal: outcome, reasons, and what to do.
   *
   * One row per platform, what blocks with its upgrade or the exception to paste, and in one line each what changes nothing.
   */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The verdict as canonical JSON: the same facts always give the same bytes, times aside. */
  @func()
  json: string = ""

  /**
   * The result as files, for a job's artifacts, `check` and `promote`.
   *
   * verdict.json, assessment.json, image.txt with the image's name, summary.md and .txt, results.sarif, junit.xml,
   * gl-container-scanning-report.json, vex.cdx.json, report.html, and the scanner's reports below reports/.
   */
  @func()
  results!: Directory

  /** promote (it passed), blocked, blocked-missing-sbom or unassessed. */
  @func()
  outcome: string = ""

  /** Whether the image passed. */
  @func()
  passed: boolean = false

  /** The verdict alone, with its lists, counts and reports. */
  @func()
  async verdict(): Promise<Verdict> {
    return fill(new Verdict(), runVerdict(this))
  }

  /**
   * Lets named vulnerabilities of this blocked image pass, by somebody who answers for it.
   *
   * The verdict says so everywhere, and nothing but the named vulnerabilities changes.
   */
  @func({ cache: "session" })
  async override(
    /** Who approves. */
    approver: string,
    /** Why. */
    reason: string,
    /** Where it was decided: an issue or a change. */
    reference: string,
    /** The vulnerabilities that may pass, and no others. */
    cves: string[],
    /** Its last day (YYYY-MM-DD) or moment (RFC 3339), at most 90 days from now. */
    expires: string,
  ): Promise<Gate> {
    return fill(new Gate(), await runOverride(this, { approver, reason, reference, cves, expires }))
  }

  /**
   * Promotes what was judged, by its digest, with evidence; the tag comes last.
   *
   * Copies image and attachments without a tag, attaches the scan and the verdict, reads everything back, and moves the
   * tag. An image that did not pass is not promoted: the outcome says why, and nothing is written.
   */
  @func({ cache: "session" })
  async promote(
    /** Where to: registry/repository[:tag]; the tag defaults to the image's own. */
    target: string,
    /** Delete the image and what is attached to it from the quarantine afterwards, if nothing else needs it. */
    deleteSource: boolean = false,
    /** Tell what would happen and write nothing. */
    dryRun: boolean = false,
  ): Promise<Promotion> {
    return fill(new Promotion(), await runPromoteGated(this, { target, deleteSource, dryRun }))
  }

  /**
   * States the verdict where the image is, signed: renews a promoted image's proof, or takes it back.
   *
   * The newest statement decides for verify. Gate the trusted repository every day and chain this: what does not pass
   * any more is not deployed any more. Needs with-signing-key.
   */
  @func({ cache: "session" })
  async attest(): Promise<Attachment> {
    return fill(new Attachment(), await runAttest(this))
  }

  /** What was found and decided, in one file of a format that people or other tools read. */
  @func()
  async report(
    /** html, markdown, sarif, junit, gitlab, vex; or of the scanner: json, table, cyclonedx, github. */
    format: ReportFormat = ReportFormat.json,
  ): Promise<File> {
    return runGateReport(this, format)
  }

  /** Fails unless the image passed, after it told why: a pipeline's step. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }
}
