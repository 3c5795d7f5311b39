// A day of the supply chain by the lines of GitHub's workflows and of GitLab's components, in a clean shell with the CI's
// environment: the same JSON as the commands on a laptop, times aside.
import { generateKeyPairSync } from "node:crypto"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bind, call, moduleFolder, toolboxArguments } from "../support/dagger-cli.js"
import { imagesLayout, pushLayout, trivyDatabase } from "../support/parts.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { type CiJob, githubJob, gitlabJob, runJob } from "./ci-job.js"
import { timeless } from "./timeless.js"

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" })
const key = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString()
const tags = ["clean", "vulnerable"]
let folder: string
let database: string
/** Where the first registry listened: the others take its place, so that all find the same world. */
let place: string | undefined
let registry: TestRegistry
let expected: Day

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-day-"))
  database = join(await trivyDatabase(), "db")
  await writeFile(join(folder, "gate.pub"), pair.publicKey.export({ type: "spki", format: "pem" }))
})

afterAll(() => rm(folder, { recursive: true }))

/** What a day leaves behind: the mirror of each tag, the promotion, and the reference that a deployment gets. */
type Day = { readonly mirrored: readonly unknown[]; readonly promoted: unknown; readonly deployed: string }
type World = { readonly address: string; readonly service: readonly string[]; readonly cwd: string }

/** A day in a world that has not seen one. */
async function day(way: (world: World) => Promise<Day>): Promise<Day> {
  registry = await startRegistry("api", place === undefined ? {} : { listen: place })
  place = registry.address
  try {
    for (const tag of tags) await pushLayout(await imagesLayout(), tag, { registry, repository: "upstream/app" })
    const { address, arguments: service } = bind(registry, "house.test")
    return await way({ address, service, cwd: await mkdtemp(join(folder, "job-")) })
  } finally {
    await registry.stop()
  }
}

const read = async (path: string) => timeless(JSON.parse(await readFile(path, "utf8")))

describe("a day", { sequential: true }, () => {
  it("on a laptop", async () => {
    const laptop = async ({ address, service }: World): Promise<Day> => {
      const before = [...toolboxArguments(), "--database-directory", database, "--signing-key", "env://SIGNING_KEY"]
      const ours = (words: string[]) => call([...before, ...service, ...words], { env: { SIGNING_KEY: key } })
      const mirrored: unknown[] = []
      for (const tag of tags) {
        const places = ["--source", `${address}/upstream/app:${tag}`, "--target", `${address}/quarantine/upstream/app`]
        mirrored.push(timeless(JSON.parse(await ours(["mirror", ...places, "json"]))))
      }
      const places = ["--source", `${address}/quarantine/upstream/app`, "--target", `${address}/golden/app`]
      const promoted = timeless(JSON.parse(await ours(["promote-quarantine", ...places, "json"])))
      const trusted = [...toolboxArguments(), "--trusted-key", join(folder, "gate.pub"), ...service]
      const deployed = await call([...trusted, "verify", "--image", `${address}/golden/app:clean`, "reference"])
      return { mirrored, promoted, deployed: deployed.trim() }
    }
    expected = await day(laptop)
    expect(expected.promoted).toMatchObject({ tags: [{ outcome: "promote" }, { outcome: "blocked" }] })
    expect(expected.deployed).toMatch(/\/golden\/app@sha256:/)
  })

  type Jobs = (name: string) => CiJob
  type Told = (cwd: string) => Promise<string>

  async function byCi({ address, service, cwd }: World, jobs: Jobs, ci: Record<string, string>, told: Told) {
    const own = [...toolboxArguments(), "--database-directory", database, ...service].join(" ")
    const login = { REGISTRY: address, REGISTRY_USER: "robot", REGISTRY_TOKEN: "any", DO_NOT_TRACK: "1" }
    const base = { CSSC: moduleFolder, CSSC_ARGUMENTS: own, CSSC_OPTIONS: "", ...login, ...ci }
    const work = async (name: string, given: Record<string, string>, codes = [0]) => {
      const { code, stderr } = await runJob(jobs(name), { ...base, ...given }, cwd)
      expect([code, codes.includes(code) ? "" : stderr.slice(-3000)]).toEqual([codes.at(-1), ""])
    }
    const images = tags.map((tag) => `${address}/upstream/app:${tag}`)
    const mirrored: unknown[] = []
    for (const image of images) {
      await work("mirror", { IMAGES: image, TARGET: `${address}/quarantine`, SIGNING_KEY: key })
      mirrored.push(await read(join(cwd, "results/upstream/app/result.json")))
      await rm(join(cwd, "results"), { recursive: true })
    }
    // One tag is blocked, so the job ends red, with everything there.
    const places = { SOURCE: `${address}/quarantine/upstream/app`, TARGET: `${address}/golden/app`, POLICY: "" }
    await work("promote", { ...places, SIGNING_KEY: key }, [1])
    const promoted = await read(join(cwd, "results/result.json"))
    await work("verify", { IMAGE: `${address}/golden/app:clean`, TRUSTED_KEY: join(folder, "gate.pub") })
    return { mirrored, promoted, deployed: await told(cwd) }
  }

  it("by GitHub's workflows", async () => {
    const jobs: Jobs = (name) => githubJob(join(moduleFolder, `.github/workflows/${name}.yml`), name)
    const outputs = join(folder, "outputs")
    const summary = join(folder, "summary.md")
    await Promise.all([writeFile(outputs, ""), writeFile(summary, "")])
    const run = { GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "acme/app", GITHUB_RUN_ID: "42" }
    const who = { GITHUB_RUN_ATTEMPT: "1", GITHUB_ACTOR: "ada", GITHUB_WORKFLOW: "Supply chain" }
    const ci = { ...run, ...who, GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary }
    const reference = async () => /^reference=(.*)$/m.exec(await readFile(outputs, "utf8"))?.[1] ?? ""
    expect(await day((world) => byCi(world, jobs, ci, reference))).toEqual(expected)
    expect(await readFile(outputs, "utf8")).toContain("blocked=vulnerable\ndecision=blocked\n")
    expect(await readFile(summary, "utf8")).toContain("vulnerable")
  })

  it("by GitLab's components", async () => {
    const jobs: Jobs = (name) => gitlabJob(join(moduleFolder, `templates/${name}.yml`), `cssc-${name}`)
    const run = { CI_JOB_URL: "https://gitlab.example/acme/app/-/jobs/42", CI_JOB_ID: "42" }
    const ci = { ...run, GITLAB_USER_LOGIN: "ada", CI_CONFIG_PATH: ".gitlab-ci.yml" }
    const reference = async (cwd: string) =>
      /^CSSC_REFERENCE=(.*)$/m.exec(await readFile(join(cwd, "cssc.env"), "utf8"))?.[1] ?? ""
    expect(await day((world) => byCi(world, jobs, ci, reference))).toEqual(expected)
  })
})
