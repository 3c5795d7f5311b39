// The lines of a CI job as its runner hands them to a shell: nothing of this machine's environment, and the CI's own.
import { readFileSync } from "node:fs"
import { parse, parseAllDocuments } from "yaml"
import { z } from "zod"
import { type CliRun, runProgram } from "../support/dagger-cli.js"

const variables = z.record(z.string(), z.string())
const steps = z.array(
  z.object({ run: z.string().optional(), uses: z.string().optional(), env: variables.optional() }).loose(),
)
const workflow = z.object({ jobs: z.record(z.string(), z.object({ env: variables, steps }).loose()) })
const action = z.object({ runs: z.object({ steps }) })
const pipeline = z.record(
  z.string(),
  z.object({ variables: variables.default({}), script: z.array(z.string()).default([]) }).loose(),
)

export type CiJob = {
  readonly variables: Readonly<Record<string, string>>
  readonly lines: readonly string[]
  readonly actions: readonly string[]
}

/** The last document of a file: a GitLab component's first one declares its inputs. */
export function readYaml(file: string): unknown {
  return parseAllDocuments(readFileSync(file, "utf8")).at(-1)?.toJS()
}

export function githubJob(file: string, name: string): CiJob {
  const job = workflow.parse(readYaml(file)).jobs[name]
  if (job === undefined) throw new Error(`${file} has no job ${name}`)
  return jobOf(job.steps, job.env)
}

/** A composite action's steps, as a job that uses it runs them. */
export function githubAction(file: string): CiJob {
  const { runs } = action.parse(readYaml(file))
  return jobOf(runs.steps, Object.assign({}, ...runs.steps.map(({ env = {} }) => env)) as Record<string, string>)
}

function jobOf(all: z.infer<typeof steps>, env: Readonly<Record<string, string>>): CiJob {
  const pick = (key: "run" | "uses") => all.flatMap((step) => step[key] ?? [])
  return { variables: plain(env), lines: pick("run"), actions: pick("uses") }
}

export function gitlabJob(file: string, name: string): CiJob {
  const job = pipeline.parse(readYaml(file))[name]
  if (job === undefined) throw new Error(`${file} has no job ${name}`)
  return { variables: plain(job.variables), lines: job.script, actions: [] }
}

/** A job of a child pipeline, whose files are one: it has what it extends, and the variables that its trigger passes on. */
export function gitlabChildJob(texts: readonly string[], name: string): CiJob {
  const jobs = Object.assign({}, ...texts.map((text) => parse(text) as object)) as Record<string, ChildJob>
  const { extends: base = "", ...own } = jobs[name] ?? {}
  const { script = [], variables: set = {} } = { ...jobs[base], ...own }
  return { variables: set, lines: script, actions: [] }
}

type ChildJob = {
  readonly extends?: string
  readonly script?: readonly string[]
  readonly variables?: Readonly<Record<string, string>>
}

/** What a job writes into a file by itself. */
export function hereDocument({ lines }: CiJob, file: string): string {
  return new RegExp(`cat > ${file} <<'END'\n([\\s\\S]*?\n)END\n`).exec(lines.join("\n"))?.[1] ?? ""
}

// What a platform fills in is given by whoever runs the job here.
function plain(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, /\$(\{\{|\[\[)/.test(value) ? "" : value]),
  )
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
