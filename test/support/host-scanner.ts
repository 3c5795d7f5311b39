// The scanner port over this machine's Trivy and the test database: the module's own words, without an engine.
import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import pLimit from "p-limit"
import { CsscError } from "../../core/errors.js"
import type { DatabaseInfo, ToolInfo } from "../../core/findings/assessment.js"
import { pinnedName, type PinnedReference } from "../../core/oci/reference.js"
import type { Scanner } from "../../core/ports.js"
import { imageScanWords, sbomScanWords, type ScanPlaces } from "../../dagger/containers/trivy/trivy-commands.js"
import { hostTools, trivyDatabase } from "./parts.js"

const run = promisify(execFile)

export type HostScannerOptions = {
  readonly age?: "fresh" | "stale"
  /** Instead of the test database's folder: Trivy fails when there is none in it. */
  readonly cacheFolder?: string
}

export class HostScanner implements Scanner {
  /** What was scanned: a platform's reference, or the SBOM's digest. */
  readonly scans: string[] = []
  private readonly limit = pLimit(2)

  constructor(private readonly options: HostScannerOptions = {}) {}

  tools(): Promise<readonly ToolInfo[]> {
    return Promise.resolve([{ name: "trivy", version: "0.73.0" }])
  }

  async database(): Promise<DatabaseInfo> {
    const folder = await this.databaseFolder()
    const { Version, UpdatedAt } = JSON.parse(await readFile(join(folder, "db/metadata.json"), "utf8"))
    return { version: Version, updatedAt: new Date(UpdatedAt).toISOString() }
  }

  scanSbom(document: string): Promise<string> {
    const digest = createHash("sha256").update(document).digest("hex")
    return this.scan(digest, async (places, folder) => {
      await writeFile(join(folder, "sbom.json"), document)
      // Relative to the working folder: the name is part of the report, and must be the same in each run.
      return sbomScanWords(places, "../sbom.json")
    })
  }

  scanImage(reference: PinnedReference, platform: string): Promise<string> {
    const name = pinnedName(reference)
    return this.scan(name, (places) => Promise.resolve(imageScanWords(places, { name, platform })))
  }

  private databaseFolder(): Promise<string> {
    return trivyDatabase({ age: this.options.age ?? "fresh" })
  }

  private scan(what: string, wordsOf: (places: ScanPlaces, folder: string) => Promise<string[]>): Promise<string> {
    this.scans.push(what)
    return this.limit(async () => {
      const folder = await mkdtemp(join(tmpdir(), "cssc-scan-"))
      try {
        const places = {
          cacheFolder: this.options.cacheFolder ?? (await this.databaseFolder()),
          report: join(folder, "report.json"),
        }
        await mkdir(join(folder, "empty"))
        await trivy(await wordsOf(places, folder), join(folder, "empty"))
        return await readFile(places.report, "utf8")
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  }
}

// Trivy reads TRIVY_* and, in the working folder, trivy.yaml and .trivyignore: none of this machine's may leak in.
async function trivy([, ...words]: readonly string[], folder: string): Promise<void> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("TRIVY_"))
  const env = {
    ...Object.fromEntries(kept),
    HOME: folder,
    DOCKER_CONFIG: folder,
    TRIVY_INSECURE: "true",
    TRIVY_NON_SSL: "true",
  }
  try {
    await run((await hostTools()).trivy, words, { cwd: folder, env, maxBuffer: 1 << 28 })
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error)
    throw new CsscError("SCANNER_FAILED", `cannot scan: ${said.replace(/\s+/g, " ").slice(-400)}`, { cause: error })
  }
}
