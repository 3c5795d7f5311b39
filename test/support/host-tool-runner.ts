// The tools as processes of this machine: the same script that the module runs in its toolbox container, so that the
// operations meet real crane, oras and registries without an engine.
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import type { Repository } from "../../core/oci/reference.js"
import type { ToolCommand, ToolJob, ToolResult, Tools } from "../../dagger/containers/tool-job.js"
import { ToolQueue } from "../../dagger/containers/tool-queue.js"
import { type PreparedCommand, readToolResults, toolScript } from "../../dagger/containers/tool-script.js"
import { type AuthEntry, dockerConfigFor, selectCredential } from "../../registry/credentials.js"
import { credentialsOf, type HostAccess } from "./host-access.js"
import { hostTools } from "./parts.js"

const run = promisify(execFile)

export class HostToolRunner implements Tools {
  /** Every group of commands that shared one script: what would be one exec. */
  readonly groups: (readonly ToolJob[])[] = []
  private readonly queue = new ToolQueue<ToolJob, ToolResult>((jobs) => this.runTogether(jobs))

  constructor(private readonly access: HostAccess = {}) {}

  run(job: ToolJob): Promise<ToolResult> {
    return this.queue.run(job)
  }

  private async runTogether(jobs: readonly ToolJob[]): Promise<readonly ToolResult[]> {
    this.groups.push(jobs)
    const folder = await mkdtemp(join(tmpdir(), "cssc-tools-"))
    try {
      const prepared = await Promise.all(
        jobs.map(async (job) => ({ job, commands: await this.prepareAll(folder, job) })),
      )
      for (const [index, { files = {} }] of jobs.entries())
        for (const [name, content] of Object.entries(files))
          await write(join(folder, "in", String(index), name), content)
      const script = join(folder, "run.sh")
      await writeFile(script, toolScript(prepared, { input: join(folder, "in"), output: join(folder, "out") }))
      const { oras } = await hostTools()
      const env = { ...process.env, PATH: `${dirname(oras)}:${process.env.PATH ?? ""}`, HOME: folder }
      await run("sh", [script], { env, maxBuffer: 1 << 28 })
      return readToolResults(await readFile(join(folder, "out/results"), "utf8"), jobs.length)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  private prepareAll(folder: string, job: ToolJob): Promise<PreparedCommand[]> {
    return Promise.all([job, ...(job.then ?? [])].map((command) => this.prepare(folder, command)))
  }

  private async prepare(folder: string, { command, access }: ToolCommand): Promise<PreparedCommand> {
    const prepared = access.map(async ({ side, repository }) => {
      const caFile = this.access.certificates?.[repository.registry]
      const configFolder = await this.config(folder, repository)
      return { side, plainHttp: caFile === undefined, configFolder, ...(caFile === undefined ? {} : { caFile }) }
    })
    return { command, access: await Promise.all(prepared) }
  }

  // Always a config of its own, also an empty one: nothing of this machine's own logins may leak in.
  private async config(folder: string, repository: Repository): Promise<string> {
    const entry = selectCredential(credentialsOf(this.access), repository)?.entry
    const entries = new Map<string, AuthEntry>(entry === undefined ? [] : [[repository.registry, entry]])
    const path = join(folder, "auth", `${repository.registry}-${repository.repository}`.replace(/[^a-z0-9]/gi, "-"))
    await write(join(path, "config.json"), dockerConfigFor(entries))
    return path
  }
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}
