// The decision about one image, and the way from it into the trusted registry.
import { type Container, type Directory, type File, func, object, type Secret, type Service } from "@dagger.io/dagger"
import { renderAttachment, runAttest, runOverride, runPromote, toJson, type Verdict as VerdictDocument } from "#cssc"
import { Attachment } from "./attachment.js"
import { Promotion } from "./promotion.js"
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

  /** The verdict alone, with its lists, counts and reports. */
  @func({ cache: "session" })
  verdict(): Verdict {
    const { config, secrets, services, files, containers, directories } = this
    const state = { config, secrets, services, files, containers, directories }
    return Object.assign(new Verdict(), state, {
      decision: this.decision,
      assessment: this.assessment,
      markdown: this.markdown,
      output: this.output,
    })
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
    const args = { approver, reason, reference, cves, expires }
    const { verdict, assessment, markdown, files, image } = await runOverride(this, this.state(), this.image, args)
    const { config, secrets, services, files: given, containers, directories } = this
    const carried = { config, secrets, services, files: given, containers, directories }
    return Object.assign(new Gate(), carried, { image, decision: verdict, assessment, markdown, output: files })
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
    const { document, markdown, files } = await runPromote(this, this.state(), this.image, {
      target,
      deleteSource,
      dryRun,
    })
    return Object.assign(new Promotion(), { document, markdown, output: files })
  }

  /**
   * States the verdict where the image is, signed: renews a promoted image's proof, or takes it back.
   *
   * The newest statement decides for verify. Gate the trusted repository every day and chain this: what does not pass
   * any more is not deployed any more. Needs withSigningKey.
   */
  @func({ cache: "session" })
  async attest(): Promise<Attachment> {
    const result = await runAttest(this, this.state(), this.image)
    return Object.assign(new Attachment(), { document: toJson(result), markdown: renderAttachment(result) })
  }

  private state() {
    return { verdict: this.decision, assessment: this.assessment, markdown: this.markdown, files: this.output }
  }
}

function parse(verdict: string): VerdictDocument {
  return JSON.parse(verdict) as VerdictDocument
}
