// The scanner port over Trivy. An SBOM scan needs no network and no credentials: its exec is keyed by the document,
// the database and the toolbox, so that the same document is scanned once per database.
import type { Directory } from "@dagger.io/dagger"
import pLimit from "p-limit"
import type { DatabaseInfo, ToolInfo } from "../../../core/findings/assessment.js"
import { pinnedName, type PinnedReference } from "../../../core/oci/reference.js"
import type { Registry, Scanner } from "../../../core/ports.js"
import type { Settings } from "../../state/settings.js"
import type { DaggerTools } from "../dagger-tools.js"
import { javaDatabaseRepository } from "../pins.js"
import { toolInventory } from "../toolbox.js"
import { SbomScans } from "./sbom-scans.js"
import { imageScanWords } from "./trivy-commands.js"
import { type Database, openDatabase, openJavaDatabase } from "./trivy-database.js"
import { trivyExec } from "./trivy-exec.js"

const cacheFolder = "/cssc/trivy"
const reportPath = "/cssc/report.json"
const places = { cacheFolder, report: reportPath }
/** Scans of file systems: Trivy is bound by the processor, more at once would only take more memory. */
const SCANS_AT_ONCE = 4

export class TrivyScanner implements Scanner {
  private readonly limit = pLimit(SCANS_AT_ONCE)
  private readonly sboms = new SbomScans(() => this.container(), cacheFolder)
  private opened: Promise<Database> | undefined
  private java: Promise<Directory | undefined> | undefined
  private inventory: Promise<readonly ToolInfo[]> | undefined

  constructor(
    private readonly settings: Settings,
    private readonly daggerTools: DaggerTools,
    private readonly registry: Registry,
  ) {}

  tools(): Promise<readonly ToolInfo[]> {
    this.inventory ??= toolInventory(this.settings.toolbox)
    return this.inventory
  }

  async database(): Promise<DatabaseInfo> {
    return (await this.open()).info
  }

  scanSbom(document: string): Promise<string> {
    return this.sboms.scan(document)
  }

  scanImage(reference: PinnedReference, platform: string): Promise<string> {
    return this.limit(async () => {
      const command = imageScanWords(places, { name: pinnedName(reference), platform, ...this.javaDatabase(reference) })
      const { plan, prepared } = await this.daggerTools.access({
        command,
        access: [{ side: "", repository: reference }],
      })
      const container = plan.mount(await this.container())
      return (await trivyExec(container, [prepared], `scan ${pinnedName(reference)} (${platform})`, "SCANNER_FAILED"))
        .file(reportPath)
        .contents()
    })
  }

  private async container() {
    const mounted = this.settings.toolbox.withMountedDirectory(`${cacheFolder}/db`, (await this.open()).directory)
    this.java ??= openJavaDatabase(this.settings, this.daggerTools, this.registry)
    const java = await this.java
    return java === undefined ? mounted : mounted.withMountedDirectory(`${cacheFolder}/java-db`, java)
  }

  // Jar files are looked up in a database of their own, which Trivy fetches when it meets one. Not over the insecure
  // transport that a bound service gets: there a jar file fails the scan until a Java database is given.
  private javaDatabase({ registry }: PinnedReference): { javaDatabase?: string } {
    const { config, services, javaDatabaseDirectory } = this.settings
    const given = javaDatabaseDirectory !== undefined || config.javaDatabase.reference !== undefined
    const plainHttp = services.some(({ address, tls }) => address === registry && !tls)
    return given || plainHttp ? {} : { javaDatabase: javaDatabaseRepository }
  }

  private open(): Promise<Database> {
    this.opened ??= openDatabase(this.settings, this.daggerTools, this.registry)
    return this.opened
  }
}
