// What a process that may be killed is to do, as a file; and the process.
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import type { MirrorRequest } from "../../core/acquire/mirror-result.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import type { Digest } from "../../core/oci/digest.js"

export type Job = { readonly mirror: MirrorRequest } | { readonly gated: GateResult; readonly target: string }
export type JobFile =
  | { readonly mirror: MirrorRequest }
  | { readonly gated: Omit<GateResult, "reports">; readonly reports: [Digest, string][]; readonly target: string }

export function jobOf(file: JobFile): Job {
  if ("mirror" in file) return file
  return { target: file.target, gated: { ...file.gated, reports: new Map(file.reports) } }
}

function fileOf(job: Job): JobFile {
  if ("mirror" in job) return job
  const { reports, ...gated } = job.gated
  return { target: job.target, gated, reports: [...reports] }
}

export type Ended = { readonly killed: boolean; readonly stdout: string; readonly stderr: string }

/** Runs jobs in processes of their own, each with what it starts; made once, removed by `remove`. */
export class Killables {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<Killables> {
    const folder = mkdtempSync(join(tmpdir(), "cssc-killable-"))
    const here = dirname(fileURLToPath(import.meta.url))
    await build({
      entryPoints: [join(here, "killable.ts")],
      outfile: join(folder, "killable.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      conditions: ["source"],
      external: ["@dagger.io/dagger", "@dagger.io/dagger/telemetry"],
      banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url)' },
      // What builds the tools knows where it lies itself.
      plugins: [
        {
          name: "outside",
          setup: ({ onResolve }) =>
            onResolve({ filter: /^\.{1,2}\/.*\.mjs$/ }, ({ path, resolveDir }) => ({
              path: pathToFileURL(resolve(resolveDir, path)).href,
              external: true,
            })),
        },
      ],
      logLevel: "silent",
    })
    return new Killables(folder)
  }

  /** `started` gets what kills the process and all that it started. */
  run(name: string, job: Job, started: (kill: () => void) => void = () => undefined): Promise<Ended> {
    const file = join(this.folder, `${name.replace(/[^a-z0-9-]/gi, "-")}.json`)
    writeFileSync(file, JSON.stringify(fileOf(job)))
    const child = spawn(process.execPath, [join(this.folder, "killable.mjs"), file], { detached: true })
    started(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"))
    return ended(child)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function ended(child: ChildProcess): Promise<Ended> {
  const said = { stdout: "", stderr: "" }
  child.stdout?.on("data", (text: Buffer) => (said.stdout += text.toString()))
  child.stderr?.on("data", (text: Buffer) => (said.stderr += text.toString()))
  return new Promise((done, failed) => {
    child.on("error", failed)
    child.on("close", (_, signal) => done({ ...said, killed: signal === "SIGKILL" }))
  })
}
