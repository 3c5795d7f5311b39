// Runs the tools in the toolbox container. Short commands that are asked for at the same time share one exec.
import type { Container, Directory } from "@dagger.io/dagger"
import pLimit from "p-limit"
import { CsscError } from "../../core/errors.js"
import type { Credential } from "../../registry/credentials.js"
import type { Settings } from "../state/settings.js"
import { diskFull } from "./disk-full.js"
import { readCredentials, RegistryAccessPlan } from "./registry-access.js"
import { scratchDirectory } from "./scratch.js"
import { mayShare, SharedCopies } from "./shared-copies.js"
import type { ToolJob, ToolResult, Tools } from "./tool-job.js"
import { ToolQueue } from "./tool-queue.js"
import { type PreparedJob, readToolResults, toolScript } from "./tool-script.js"
import { uncached } from "./toolbox.js"

const folders = { input: "/cssc/in", output: "/cssc/out" }
const scriptName = "run.sh"
/** Execs under way at once that copy layers; a copy makes three requests at a time. */
const LONG_JOBS_AT_ONCE = 8

export class DaggerTools implements Tools {
  private readonly queue = new ToolQueue<ToolJob, ToolResult>((jobs) => this.runTogether(jobs))
  private readonly long = pLimit(LONG_JOBS_AT_ONCE)
  private readonly shared = new SharedCopies((jobs) => this.long(() => this.runTogether(jobs)))
  private credentials: Promise<readonly Credential[]> | undefined

  constructor(private readonly settings: Settings) {}

  run(job: ToolJob): Promise<ToolResult> {
    if (job.long !== true) return this.queue.run(job)
    if (mayShare(job)) return this.shared.run(job)
    return this.long(async () => {
      const [result] = await this.runTogether([job])
      return result as ToolResult
    })
  }

  /** Runs a job in an exec of its own and keeps what it wrote into a folder, which is not there when it wrote nothing. */
  async runKeeping(job: ToolJob, folder: string): Promise<{ result: ToolResult; directory: Directory }> {
    const ran = (await this.prepare([job])).withExec(["sh", `${folders.input}/${scriptName}`])
    const [result] = readToolResults(await readResults(ran), 1)
    return { result: result as ToolResult, directory: ran.directory(folder) }
  }

  /** A container with what the commands of one job need, for an exec of the caller's own. */
  async access(
    job: Pick<ToolJob, "command" | "access">,
  ): Promise<{ plan: RegistryAccessPlan; prepared: PreparedJob["commands"][number] }> {
    const plan = new RegistryAccessPlan(this.settings, await this.readCredentials())
    return { plan, prepared: plan.prepare(job) }
  }

  readCredentials(): Promise<readonly Credential[]> {
    this.credentials ??= readCredentials(this.settings)
    return this.credentials
  }

  private async runTogether(jobs: readonly ToolJob[]): Promise<readonly ToolResult[]> {
    const ran = (await this.prepare(jobs)).withExec(["sh", `${folders.input}/${scriptName}`])
    return readToolResults(await readResults(ran), jobs.length)
  }

  private async prepare(jobs: readonly ToolJob[]): Promise<Container> {
    const plan = new RegistryAccessPlan(this.settings, await this.readCredentials())
    const prepared = jobs.map((job) => ({
      job,
      commands: [job, ...(job.then ?? [])].map((one) => plan.prepare(one)),
    }))
    const files = jobs.flatMap(({ files: own = {} }, index) =>
      Object.entries(own).map(([name, content]) => [`${index}/${name}`, content] as const),
    )
    const input = scratchDirectory({ ...Object.fromEntries(files), [scriptName]: toolScript(prepared, folders) })
    return uncached(plan.mount(this.settings.toolbox).withDirectory(folders.input, input))
  }
}

async function readResults(ran: Container): Promise<string> {
  try {
    return await ran.file(`${folders.output}/results`).contents()
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error)
    throw (
      diskFull("run the tools' container", said) ??
      new CsscError("TOOL_FAILED", `the tools' container did not run: ${said.replace(/\s+/g, " ").slice(0, 400)}`, {
        cause: error,
      })
    )
  }
}
