// Logins, certificates and policies as an operator passes them, and what comes back when they are wrong. Passwords are
// recognisable, so that the last test can look for them wherever they must not be.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  bind,
  type BoundRegistry,
  call,
  callError,
  callJson,
  databaseArguments,
  everythingPrinted,
  toolboxArguments,
} from "../support/dagger-cli.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const passwords = { reader: "Zx9-reads-8f41c7", writer: "Zx9-writes-52be0a" }
// The wordiest progress: what is said anywhere is searched for passwords.
process.env.DAGGER_PROGRESS = "plain"
const env = { READER: passwords.reader, WRITER: passwords.writer, WRONG: "Zx9-wrong-77d1", EMPTY: "" }

let folder: string
let registry: TestRegistry
let bound: BoundRegistry
let base: string[]
let digest: string
let logStart: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-access-"))
  logStart = await sizeOf(engineLog())
  const allow = ["reader:from/*:pull,push", "writer:to/*:pull,push"]
  registry = await startRegistry("api", { users: passwords, allow, tlsNames: ["secure.test", "127.0.0.1"] })
  const login = { username: "reader", password: passwords.reader }
  digest = await pushLayout(await imagesLayout(), "clean", { registry, repository: "from/app", ...login })
  bound = bind(registry, "secure.test")
  const ca = ["with-certificate", "--file", registry.certificate ?? "", "--address", bound.address]
  base = [...toolboxArguments(), ...bound.arguments, ...ca, "with-retry-delays", "--seconds", "1"]
})

afterAll(async () => {
  await registry.stop()
  await rm(folder, { recursive: true })
})

function auth(path: string, username: string, secret: string): string[] {
  return ["with-registry-auth", "--address", `${bound.address}${path}`, "--username", username, "--secret", secret]
}

const image = () => ["image", "--reference", `${bound.address}/from/app:clean`]
const mirror = () => [
  ...["mirror", "--source", `${bound.address}/from/app:clean`, "--target", `${bound.address}/to/app`],
]

async function inFile(name: string, content: unknown): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content))
  return file
}

describe("a registry behind TLS and token login", { sequential: true }, () => {
  it("takes two logins on one host, each for its path", async () => {
    const logins = [...auth("/from", "reader", "env://READER"), ...auth("/to", "writer", "env://WRITER")]
    const words = [...base, ...logins, ...mirror(), "results", "export", "--path", join(folder, "mirror")]
    await call(words, { env })
    const result = JSON.parse(await readFile(join(folder, "mirror/result.json"), "utf8")) as Record<string, unknown>
    expect(result).toMatchObject({ copied: true, digest })
    expect((await registry.requests()).filter(({ status }) => status === 403)).toEqual([])
  })

  it("takes the logins of a docker config", async () => {
    const entry = { auth: Buffer.from(`reader:${passwords.reader}`).toString("base64") }
    const config = await inFile("config.json", { auths: { [bound.address]: entry } })
    expect(await callJson(["--docker-config", `file://${config}`, ...base, ...image(), "json"])).toMatchObject({
      digest,
    })
  })

  it("refuses a wrong password with one line that says what to pass", async () => {
    const error = await callError([...base, ...auth("", "reader", "env://WRONG"), ...image(), "digest"], { env })
    expect(error).toContain(`[REGISTRY_UNAUTHORIZED] resolve ${bound.address}/from/app:clean failed`)
    expect(error).toContain("incorrect username or password")
    expect(error).toContain("pass credentials for it by with-registry-auth or with-docker-config")
  })
})

describe("what cannot work", () => {
  it("is told: an empty secret", async () => {
    const error = await callError([...base, ...auth("", "reader", "env://EMPTY"), ...image(), "digest"], { env })
    expect(error).toContain(`[CREDENTIALS_INVALID] the secret for ${bound.address} is empty`)
  })

  it("is told: a docker config that only names a credential store", async () => {
    const config = await inFile("store.json", { auths: { [bound.address]: {} }, credsStore: "desktop" })
    const error = await callError(["--docker-config", `file://${config}`, ...base, ...image(), "digest"])
    expect(error).toContain(
      "[CREDENTIALS_INVALID] the docker config holds no credentials: it only names the credential",
    )
  })

  it("is told: every mistake of a policy, before anything is read or written", async () => {
    const lines = ["version: 1", "severity: SEVERE", "unassesed: block", "exceptions:", "  - reason: none", ""]
    const policy = await inFile("policy.yaml", lines.join("\n"))
    await registry.resetRequests()
    const gate = [
      "gate",
      "--image",
      `${bound.address}/from/app:clean`,
      "promote",
      "--target",
      `${bound.address}/to/app`,
    ]
    const error = await callError(["--policy", policy, ...(await databaseArguments()), ...base, ...gate, "json"])
    expect(error).toContain("[POLICY_INVALID]")
    for (const place of ["severity", "unassesed", "exceptions"]) expect(error).toContain(place)
    expect(await registry.requests()).toEqual([])
  })
})

describe("secrets", () => {
  it("are in no output, no engine log and no result", async () => {
    const secrets = [passwords.reader, passwords.writer, env.WRONG]
    const pairs = secrets.flatMap((secret) => ["reader", "writer"].map((user) => `${user}:${secret}`))
    const forms = [...secrets, ...[...secrets, ...pairs].map((text) => Buffer.from(text).toString("base64"))]
    const exported = await Promise.all(
      (await readdir(join(folder, "mirror"))).map((name) => readFile(join(folder, "mirror", name), "utf8")),
    )
    const places = {
      printed: everythingPrinted(),
      log: await readFrom(engineLog(), logStart),
      exported: exported.join(),
    }
    expect(places.printed.length).toBeGreaterThan(10_000)
    for (const [place, text] of Object.entries(places))
      expect([place, forms.filter((form) => text.includes(form.replace(/=+$/, "")))]).toEqual([place, []])
  })
})

// The hermetic engine's; another engine's log is not ours to read.
function engineLog(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cssc/engine/log")
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}

async function readFrom(file: string, start: number): Promise<string> {
  return (await sizeOf(file)) <= start ? "" : (await readFile(file)).subarray(start).toString()
}
