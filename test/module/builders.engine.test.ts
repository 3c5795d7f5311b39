// The constructor and the builders are kept by the engine for days, since they read nothing but what they are given. So
// what they are given must be all that counts: another text of the same secret, another content of the same file.
import { generateKeyPairSync } from "node:crypto"
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connection, Context, dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { callError, callJson, moduleFolder } from "../support/dagger-cli.js"

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-builders-"))
  await mkdir(path("reports"))
  const report = join(moduleFolder, "test/fixtures/trivy/report-image-debian-buster.json")
  await copyFile(report, path("reports/report.json"))
})

afterAll(() => rm(folder, { recursive: true }))

const path = (name: string) => join(folder, name)
const onlyStore = (store: string) => JSON.stringify({ auths: { "reg.test": {} }, credsStore: store })
const withLogin = JSON.stringify({ auths: { "reg.test": { auth: "dXNlcjpwYXNz" } } })

/** The same names each time, and what they hold now. */
async function given(config: string, key: string, policy: string): Promise<void> {
  await Promise.all([
    writeFile(path("config.json"), config),
    writeFile(path("gate.key"), key),
    writeFile(path("policy.yaml"), `version: 1\n${policy}\n`),
  ])
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => undefined, String)
  return typeof error === "string" ? error : "it did not fail"
}

type Asking = { readonly error: () => Promise<string>; readonly remaining: () => Promise<string[]> }

/** What is said in turn of what changes under the same names; every problem at once. */
async function followsEveryChange({ error, remaining }: Asking): Promise<void> {
  await given(onlyStore("desktop"), "no key", "severity: SEVERE")
  const first = await error()
  for (const said of ["3 problems", '"desktop"', "[KEY_INVALID]", "[POLICY_INVALID]", "severity"])
    expect(first).toContain(said)
  await given(onlyStore("pass"), pem, "unassesed: block")
  const second = await error()
  for (const said of ["2 problems", '"pass"', "unassesed"]) expect(second).toContain(said)
  expect(second).not.toContain("KEY_INVALID")
  await given(withLogin, pem, "severity: CRITICAL")
  const critical = await remaining()
  await given(withLogin, pem, "severity: LOW")
  const low = await remaining()
  expect(critical.length).toBeGreaterThan(0)
  expect(low.length).toBeGreaterThan(critical.length)
}

describe("what a builder was given under the same name before", () => {
  it("does not count in another session", async () => {
    const secrets = ["--docker-config", `file://${path("config.json")}`, "--policy", path("policy.yaml")]
    const builders = ["with-signing-key", "--key", `file://${path("gate.key")}`]
    const words = [...secrets, ...builders, "evaluate", "--reports", path("reports")]
    await followsEveryChange({
      error: () => callError([...words, "outcome"]),
      remaining: () => callJson([...words, "remaining", "-j"]),
    })
  })

  it("does not count in the same session", async () => {
    const secret = (name: string) => dag.address(`file://${path(name)}`).secret()
    const evaluate = (field: string) =>
      new Context()
        .select("cssc", { dockerConfig: secret("config.json") })
        .select("withSigningKey", { key: secret("gate.key") })
        .select("withPolicy", { file: dag.host().file(path("policy.yaml"), { noCache: true }) })
        .select("evaluate", { reports: dag.host().directory(path("reports")) })
        .select(field)
    await connection(async () => {
      await new Context()
        .select("moduleSource", { refString: moduleFolder })
        .select("asModule")
        .select("serve")
        .execute()
      await followsEveryChange({
        error: () => failure(evaluate("outcome").execute()),
        remaining: () => evaluate("remaining").execute<string[]>(),
      })
    })
  })
})
