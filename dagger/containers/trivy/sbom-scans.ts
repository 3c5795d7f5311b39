// Scans of SBOMs. An exec costs a multiple of what Trivy takes for a small document, so those that have to wait for
// another one share an exec; few documents have an exec each, which the engine then knows by its document.
import type { Container } from "@dagger.io/dagger"
import { digestOf } from "../../../core/oci/digest.js"
import { scratchDirectory } from "../scratch.js"
import { spreadOver, ToolQueue } from "../tool-queue.js"
import type { PreparedCommand } from "../tool-script.js"
import { sbomScanWords } from "./trivy-commands.js"
import { trivyExec } from "./trivy-exec.js"

/** Execs at once: Trivy is bound by the processor, more would only take more memory. */
export const SCAN_EXECS_AT_ONCE = 4
/** Documents of one exec. */
export const SCANS_IN_ONE_EXEC = 16

const documentPath = "/cssc/sbom.json"
const reportPath = "/cssc/report.json"
const inputs = "/cssc/sboms"
const reports = "/cssc/reports"

export const scansOfExec = spreadOver(SCANS_IN_ONE_EXEC)

type Outcome = { readonly report: string } | { readonly failure: unknown }

export class SbomScans {
  private readonly queue: ToolQueue<string, Outcome>
  /** By document: platforms and tags may share one. */
  private readonly underWay = new Map<string, Promise<string>>()

  /** `container` has Trivy, and the database in `cacheFolder`. */
  constructor(
    private readonly container: () => Promise<Container>,
    private readonly cacheFolder: string,
  ) {
    const limits = { groupsAtOnce: SCAN_EXECS_AT_ONCE, groupSize: scansOfExec }
    this.queue = new ToolQueue((documents) => this.scanGroup(documents), limits)
  }

  /** The raw JSON report on a document. */
  scan(document: string): Promise<string> {
    const key = digestOf(document)
    const known = this.underWay.get(key)
    if (known !== undefined) return known
    const scanning = this.queue.run(document).then((outcome) => {
      if ("failure" in outcome) throw outcome.failure
      return outcome.report
    })
    this.underWay.set(key, scanning)
    const done = () => void this.underWay.delete(key)
    scanning.then(done, done)
    return scanning
  }

  // One that cannot be scanned fails the exec of all: then each has an exec of its own, and an error of its own.
  private async scanGroup(documents: readonly string[]): Promise<readonly Outcome[]> {
    const [only = ""] = documents
    if (documents.length <= 1) return [await settled(() => this.scanOne(only))]
    try {
      return await this.scanTogether(documents)
    } catch {
      return Promise.all(documents.map((document) => settled(() => this.scanOne(document))))
    }
  }

  private async scanOne(document: string): Promise<string> {
    const input = scratchDirectory({ "sbom.json": document }).file("sbom.json")
    const container = (await this.container()).withMountedFile(documentPath, input)
    const done = await trivyExec(container, [this.command(reportPath)], "scan the SBOM", "SCANNER_FAILED")
    return done.file(reportPath).contents()
  }

  // A report names the path of its document: each has the same, whatever it was scanned with.
  private async scanTogether(documents: readonly string[]): Promise<readonly Outcome[]> {
    const input = scratchDirectory(Object.fromEntries(documents.map((document, at) => [`${at}.json`, document])))
    const container = (await this.container()).withMountedDirectory(inputs, input)
    const commands = documents.flatMap((_, at) => [
      { command: ["cp", `${inputs}/${at}.json`, documentPath], access: [] },
      this.command(`${reports}/${at}.json`),
    ])
    const folder = { command: ["mkdir", "-p", reports], access: [] }
    const done = await trivyExec(container, [folder, ...commands], "scan the SBOMs", "SCANNER_FAILED")
    const written = done.directory(reports)
    return Promise.all(documents.map(async (_, at) => ({ report: await written.file(`${at}.json`).contents() })))
  }

  private command(report: string): PreparedCommand {
    return { command: sbomScanWords({ cacheFolder: this.cacheFolder, report }, documentPath), access: [] }
  }
}

async function settled(scan: () => Promise<string>): Promise<Outcome> {
  try {
    return { report: await scan() }
  } catch (failure) {
    return { failure }
  }
}
