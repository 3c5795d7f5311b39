// One promotion, asked for in each of the ways that users have: the same JSON comes back, times aside.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connection, Context, dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bind, call, databaseArguments, moduleFolder, runProgram, toolboxArguments } from "../support/dagger-cli.js"
import { imagesLayout, pushLayout, trivyDatabase } from "../support/parts.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { type CiJob, githubJob, gitlabJob, runJob } from "./ci-job.js"
import { timeless } from "./timeless.js"

const toolbox = process.env.CSSC_TOOLBOX
const example = (name: string) => join(moduleFolder, "examples", name)
let folder: string
let database: string
/** Where the first registry listened; the others take its place, so that each promotion finds the same world. */
let place: string | undefined
let registry: TestRegistry
let expected: unknown

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-ways-"))
  database = join(await trivyDatabase(), "db")
})

afterAll(() => rm(folder, { recursive: true }))

/** A promotion in a world that has not seen one. */
async function promotion(way: (world: World) => Promise<string>): Promise<unknown> {
  registry = await startRegistry("api", place === undefined ? {} : { listen: place })
  place = registry.address
  try {
    await pushLayout(await imagesLayout(), "clean", { registry, repository: "quarantine/app" })
    const { address, arguments: service } = bind(registry, "house.test")
    const [image, target] = [`${address}/quarantine/app:clean`, `${address}/golden/app`]
    return timeless(JSON.parse(await way({ address, service, image, target })))
  } finally {
    await registry.stop()
  }
}

type World = {
  readonly address: string
  readonly service: readonly string[]
  readonly image: string
  readonly target: string
}

const chain = ({ image, target }: World) => ["gate", "--image", image, "promote", "--target", target]

describe("the same promotion", { sequential: true }, () => {
  it("by the CLI", async () => {
    const before = [...toolboxArguments(), ...(await databaseArguments())]
    expected = await promotion((world) => call([...before, ...world.service, ...chain(world), "json"]))
    expect(expected).toMatchObject({ outcome: "promote", tagged: true, copied: true })
  })

  // Generated bindings make exactly these selections; without code generation, they are made by hand.
  it("by a client session", async () => {
    const ask = async ({ address, image, target }: World) => {
      let answer = ""
      const work = async () => {
        const query = new Context()
        await query.select("moduleSource", { refString: moduleFolder }).select("asModule").select("serve").execute()
        answer = await query
          .select("cssc", toolbox ? { toolbox: dag.address(toolbox).container() } : {})
          .select("withTrivyDatabase", { directory: dag.host().directory(database) })
          .select("withRegistryService", { address, service: dag.address(`tcp://${registry.address}`).service() })
          .select("gate", { image })
          .select("promote", { target })
          .select("json")
          .execute<string>()
      }
      await connection(work)
      return answer
    }
    expect(await promotion(ask)).toEqual(expected)
  })

  it("by a module that depends on this one", async () => {
    const ask = ({ address, image, target }: World) => {
      const things = ["--registry", `tcp://${registry.address}`, "--database", database, ...toolboxArguments()]
      const words = ["promote", "--image", image, "--target", target, "--address", address, ...things]
      return call(words, { cwd: example("consumer") })
    }
    expect(await promotion(ask)).toEqual(expected)
  })

  it("by a module in Dang that depends on this one", async () => {
    const ask = ({ address, image, target }: World) => {
      const things = ["--registry", `tcp://${registry.address}`, "--database", database, ...toolboxArguments()]
      const words = ["promote", "--image", image, "--target", target, "--address", address, ...things]
      return call(words, { cwd: example("dang") })
    }
    expect(await promotion(ask)).toEqual(expected)
  })

  /** What the clients are told, whose flags are the same. */
  const flags = ({ address, image, target }: World) => [
    ...["--module", moduleFolder, "--image", image, "--target", target],
    ...["--service", `${address}=tcp://${registry.address}`, "--database", database, ...toolboxArguments()],
  ]

  async function printed(command: string, args: readonly string[], cwd: string): Promise<string> {
    const { code, stdout, stderr } = await runProgram(command, args, { cwd })
    expect([code, code === 0 ? "" : stderr.slice(-3000)]).toEqual([0, ""])
    return stdout
  }

  it("by a client in Go", async () => {
    const program = join(folder, "promote")
    await printed("go", ["build", "-o", program, "."], example("go"))
    expect(await promotion((world) => printed(program, flags(world), folder))).toEqual(expected)
  })

  it("by a client in Python", async () => {
    const script = ["run", "python3", join(example("python"), "promote.py")]
    expect(await promotion((world) => printed("dagger", [...script, ...flags(world)], folder))).toEqual(expected)
  })

  async function inCi(job: CiJob, ci: Record<string, string>, world: World): Promise<string> {
    const own = [...toolboxArguments(), "with-trivy-database", "--directory", database, ...world.service]
    const given = {
      ...{ CSSC: moduleFolder, CSSC_ARGUMENTS: own.join(" "), IMAGE: world.image, TARGET: world.target },
      ...{ REGISTRY: world.address, REGISTRY_USER: "robot", REGISTRY_TOKEN: "any", DO_NOT_TRACK: "1" },
    }
    const cwd = await mkdtemp(join(folder, "job-"))
    const { code, stderr } = await runJob(job, { ...given, ...ci }, cwd)
    expect([code, code === 0 ? "" : stderr.slice(-3000)]).toEqual([0, ""])
    return readFile(join(cwd, "results/result.json"), "utf8")
  }

  it("by the lines of the GitHub job", async () => {
    const job = githubJob(example("github/promote.yml"), "promote")
    const summary = join(folder, "step-summary.md")
    await writeFile(summary, "")
    const ci = {
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "acme/app",
      GITHUB_RUN_ID: "42",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_ACTOR: "ada",
      GITHUB_WORKFLOW: "Promote",
      GITHUB_STEP_SUMMARY: summary,
    }
    expect(await promotion((world) => inCi(job, ci, world))).toEqual(expected)
    expect(await readFile(summary, "utf8")).toContain("promoted: ")
  })

  it("by the lines of the GitLab job", async () => {
    const job = gitlabJob(example("gitlab/.gitlab-ci.yml"), "promote")
    const ci = {
      GITLAB_CI: "true",
      CI_JOB_URL: "https://gitlab.example/acme/app/-/jobs/42",
      CI_JOB_ID: "42",
      CI_CONFIG_PATH: ".gitlab-ci.yml",
      GITLAB_USER_LOGIN: "ada",
    }
    expect(await promotion((world) => inCi(job, ci, world))).toEqual(expected)
  })
})
