// How a job gets its identity token and hands it on: by GitHub's own endpoint, masked, by the environment alone.
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import { type AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { moduleFolder } from "../support/dagger-cli.js"
import { type CiJob, githubAction, githubJob, gitlabJob, runJob } from "./ci-job.js"

const token = "eyJ.identity.token"
const asking = "runtime-secret"
let folder: string
let server: Server
let asked: (string | undefined)[]
let status: number

// Stands for the program of that name, which is not what is tested: it writes down what it was given.
const dagger = `#!/bin/sh
printf '%s\\n' "$@" >> "$CALLS"; printf 'token=%s\\n' "$SIGSTORE_ID_TOKEN" >> "$CALLS"
mkdir -p results; echo ok > results/summary.md; echo '{"tags":[]}' > results/result.json
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-keyless-"))
  await writeFile(join(folder, "dagger"), dagger)
  await chmod(join(folder, "dagger"), 0o755)
  server = createServer((request, response) => {
    asked.push(`${request.headers.authorization ?? ""} ${request.url ?? ""}`)
    response.writeHead(status, { "content-type": "application/json" })
    response.end(status === 200 ? JSON.stringify({ value: token }) : "{}")
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  asked = []
  status = 200
  await Promise.all(["calls", "outputs", "told"].map((name) => writeFile(join(folder, name), "")))
})

async function run(job: CiJob, given: Readonly<Record<string, string>> = {}) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?api-version=2.0`
  const runtime = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: asking }
  const files = {
    CALLS: join(folder, "calls"),
    GITHUB_OUTPUT: join(folder, "outputs"),
    GITHUB_STEP_SUMMARY: join(folder, "told"),
  }
  const github = {
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_WORKFLOW_REF: "acme/ci/.github/workflows/a.yml@refs/heads/main",
  }
  const path = { PATH: `${folder}:${process.env.PATH ?? ""}` }
  const inputs = {
    TRUST_ROOT: "root.json",
    IDENTITY: "https://github.com/acme/x",
    ISSUER: "https://issuer.test",
    RESULTS: "results",
  }
  const done = await runJob(job, { ...runtime, ...files, ...github, ...path, ...inputs, ...given }, folder)
  const calls = await readFile(files.CALLS, "utf8")
  const [first = ""] = calls.split("token=")
  return { ...done, calls, first: first.split("\n") }
}

const identity = ["with-trusted-identity", "--issuer", "https://issuer.test", "--subject", "https://github.com/acme/x"]
const trusting = ["with-trust-root", "--file", "root.json", ...identity]
const workflow = () => githubJob(join(moduleFolder, ".github/workflows/promote-keyless.yml"), "promote-keyless")
const component = () => gitlabJob(join(moduleFolder, "templates/promote-keyless.yml"), "cssc-promote-keyless")
const composite = () => githubAction(join(moduleFolder, "action.yml"))

describe("a keyless job", () => {
  it.each([
    ["GitHub's workflow", workflow],
    ["the composite action", composite],
  ])("of %s asks for a token for sigstore, hides it, and passes it by the environment", async (_name, job) => {
    const done = await run(job(), { KEYLESS: "true" })
    expect([done.code, done.stderr]).toEqual([0, ""])
    expect(asked).toEqual([`Bearer ${asking} /token?api-version=2.0&audience=sigstore`])
    expect(done.stdout.split("\n")[0]).toBe(`::add-mask::${token}`)
    expect(done.calls).toContain(`token=${token}\n`)
    expect(done.first).toEqual(expect.arrayContaining(["--identity-token", "env://SIGSTORE_ID_TOKEN", ...trusting]))
    expect(done.first.join("\n")).not.toContain(token)
    expect(done.first.join("\n")).not.toContain(asking)
  })

  it("of GitLab's component passes the token that GitLab gave it", async () => {
    const done = await run(component(), { SIGSTORE_ID_TOKEN: token })
    expect(done.code).toBe(0)
    expect(done.first).toEqual(expect.arrayContaining(["--identity-token", "env://SIGSTORE_ID_TOKEN", ...trusting]))
    expect(done.first.join("\n")).not.toContain(token)
  })

  it("calls nothing when there is no token", async () => {
    status = 403
    const done = await run(workflow())
    expect(done.code).not.toBe(0)
    expect(done.calls).toBe("")
  })

  it("of the action is its own workflow unless told otherwise, and without keyless asks for no token", async () => {
    const own = await run(composite(), { KEYLESS: "true", IDENTITY: "" })
    expect(own.first).toContain("https://github.com/acme/ci/.github/workflows/a.yml@refs/heads/main")
    asked = []
    await writeFile(join(folder, "calls"), "")
    const without = await run(composite(), { KEYLESS: "false", SIGSTORE_ID_TOKEN: "of something else" })
    expect(asked).toEqual([])
    expect(without.first).not.toContain("--identity-token")
  })
})
