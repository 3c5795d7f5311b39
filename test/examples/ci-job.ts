// The lines of a CI job as its runner hands them to a shell: nothing of this machine's environment, and the CI's own.
import { readFileSync } from "node:fs"
import { parse } from "yaml"
import { z } from "zod"
import { type CliRun, runProgram } from "../support/dagger-cli.js"

const variables = z.record(z.string(), z.string())
const workflow = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      env: variables,
      steps: z.array(z.object({ run: z.string().optional(), uses: z.string().optional() })),
    }),
  ),
})
const pipeline = z.record(z.string(), z.object({ variables, script: z.array(z.string()) }))

export type CiJob = {
  readonly variables: Readonly<Record<string, string>>
  readonly lines: readonly string[]
  readonly actions: readonly string[]
}

export function githubJob(file: string, name: string): CiJob {
  const job = workflow.parse(parse(readFileSync(file, "utf8"))).jobs[name]
  if (job === undefined) throw new Error(`${file} has no job ${name}`)
  const pick = (key: "run" | "uses") => job.steps.flatMap((step) => step[key] ?? [])
  return { variables: job.env, lines: pick("run"), actions: pick("uses") }
}

export function gitlabJob(file: string, name: string): CiJob {
  const job = pipeline.parse(parse(readFileSync(file, "utf8")))[name]
  if (job === undefined) throw new Error(`${file} has no job ${name}`)
  return { variables: job.variables, lines: job.script, actions: [] }
}

/** What reaches the engine: the CI would install it. */
const machine = ["PATH", "HOME", "_EXPERIMENTAL_DAGGER_CLI_BIN", "_EXPERIMENTAL_DAGGER_RUNNER_HOST", "XDG_CACHE_HOME"]

/** Runs a job's lines with the shell and options that its CI uses; `given` wins over what the file says. */
export function runJob(job: CiJob, given: Readonly<Record<string, string>>, cwd: string): Promise<CliRun> {
  const kept = machine.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const onlyEnv = { ...Object.fromEntries(kept), ...job.variables, ...given, CI: "true" }
  return runProgram("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", job.lines.join("\n")], { cwd, onlyEnv })
}
