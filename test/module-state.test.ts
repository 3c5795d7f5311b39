// Between two calls the engine keeps an object as JSON of its fields and builds it again from that. This is the SDK's
// own code for it, without an engine: what an object carries must come out as it went in.
import { beforeAll, describe, expect, it } from "vitest"
import { introspect, type ModuleDef, sdkFile } from "./support/module-introspection.js"

type Fields = Readonly<Record<string, unknown>>
type Call = {
  readonly parentName: string
  readonly parentArgs: Fields
  readonly fnName: string
  readonly fnArgs: Fields
}

let invoke: (call: Call) => Promise<unknown>

beforeAll(async () => {
  const load = async <T>(name: string) => (await import(sdkFile(name))) as T
  const { globalConnection } = await load<{ globalConnection: { setGQLClient(client: unknown): void } }>(
    "common/graphql/connection.js",
  )
  globalConnection.setGQLClient({ request: answerWithId })
  const { Executor } = await load<{ Executor: new (modules: unknown[], module: ModuleDef) => unknown }>(
    "module/executor.js",
  )
  const sdk = await load<{ invoke(executor: unknown, module: ModuleDef, call: Call): Promise<unknown> }>(
    "module/entrypoint/invoke.js",
  )
  const names = ["attachment", "deletion", "gate", "history", "image", "mirror", "promotion", "run", "scan", "verdict"]
  const modules: unknown[] = [await import("../src/index.js")]
  for (const name of names) modules.push(await import(`../src/api/${name}.ts`))
  const module = await introspect()
  const executor = new Executor(modules, module)
  // Through JSON, as over the wire.
  invoke = async (call) => JSON.parse(JSON.stringify(await sdk.invoke(executor, module, call))) as unknown
}, 60_000)

// Stands for the engine, of which nothing is asked here but the identity of what it holds.
function answerWithId(query: unknown): Promise<unknown> {
  const id = /node\s*\(id: "([^"]+)"\) \{ \.\.\. on \w+ \{ id\s+\}/.exec(String(query))?.[1]
  return id === undefined
    ? Promise.reject(new Error(`not expected: ${String(query)}`))
    : Promise.resolve({ node: { id } })
}

const lists = { secrets: ["secret-1"], services: ["service-1"], files: ["file-1"], containers: ["container-1"] }
const carried = { ...lists, config: '{"auths":[]}', directories: ["directory-1"] }

describe("an object's state", () => {
  it("grows along a chain of builders, and keeps what was there", async () => {
    const call = (parentArgs: unknown, fnName: string, fnArgs: Fields) =>
      invoke({ parentName: "Cssc", parentArgs: parentArgs as Fields, fnName, fnArgs })
    const made = await call({}, "", { dockerConfig: "secret-1", severity: "LOW" })
    const auth = { address: "reg.test/team", username: "robot", secret: "secret-2" }
    const withAuth = await call(made, "withRegistryAuth", auth)
    const service = { address: "reg.test:5000", service: "service-1" }
    const state = (await call(withAuth, "withRegistryService", service)) as Record<string, unknown>
    expect(state).toMatchObject({ secrets: ["secret-1", "secret-2"], services: ["service-1"], files: [] })
    expect(JSON.parse(String(state.config))).toMatchObject({
      severity: "LOW",
      dockerConfigs: [0],
      auths: [{ address: "reg.test/team", username: "robot", secret: 1 }],
      services: [{ address: "reg.test:5000", service: 0, tls: false }],
    })
  })

  it("goes from a gate to its verdict, which carries the toolbox alone of the configuration", async () => {
    const verdict = {
      outcome: "promote",
      passed: true,
      platforms: [],
      blocking: ["CVE-1"],
      remaining: [],
      excepted: ["CVE-1"],
    }
    const judged = { summary: "# yes", json: JSON.stringify(verdict), outcome: "promote", passed: true }
    const gate = { ...carried, ...judged, image: "reg.test/app@sha256:00", results: "directory-2" }
    const parent = { ...gate, config: '{"toolbox":0}' }
    const made = await invoke({ parentName: "Gate", parentArgs: parent, fnName: "verdict", fnArgs: {} })
    const lists = { blocking: ["CVE-1"], remaining: [], excepted: ["CVE-1"], counts: expect.stringContaining("CVE-1") }
    expect(made).toEqual({ ...judged, ...lists, results: "directory-2", containers: ["container-1"] })
  })

  it("is made without a look at a secret's text", async () => {
    const fnArgs = { address: "reg.test", username: "robot", secret: "secret-1" }
    const state = await invoke({ parentName: "Cssc", parentArgs: carried, fnName: "withRegistryAuth", fnArgs })
    expect(state).toMatchObject({ secrets: ["secret-1", "secret-1"] })
  })
})

describe("the constructor's arguments", () => {
  const made = (fnArgs: Fields) => invoke({ parentName: "Cssc", parentArgs: {}, fnName: "", fnArgs })
  const config = async (fnArgs: Fields) => {
    const state = (await made(fnArgs)) as Record<string, unknown>
    return { ...state, config: JSON.parse(String(state.config)) as unknown }
  }

  it("are what the builders take", async () => {
    const login = { registry: "reg.test/team", username: "robot", password: "secret-1" }
    const keys = { signingKey: "secret-2", signingKeyPassword: "secret-3", trustedKey: "file-1" }
    expect(await config({ ...login, ...keys, databaseDirectory: "directory-1" })).toMatchObject({
      secrets: ["secret-1", "secret-2", "secret-3"],
      files: ["file-1"],
      directories: ["directory-1"],
      config: {
        auths: [{ address: "reg.test/team", username: "robot", secret: 0 }],
        signingKey: { secret: 1, password: 2 },
        trustedKeys: [{ file: 0, publisher: "" }],
        database: { directory: 0 },
      },
    })
  })

  it("bind a service as the registry, with a login or without", async () => {
    const service = { registry: "reg.test:5000/team", registryService: "service-1" }
    const bound = { services: [{ address: "reg.test:5000", service: 0, tls: false }] }
    expect(await config(service)).toMatchObject({ services: ["service-1"], config: { ...bound, auths: [] } })
    expect(await config({ ...service, username: "robot", password: "secret-1" })).toMatchObject({
      services: ["service-1"],
      config: { ...bound, auths: [{ address: "reg.test:5000/team", username: "robot", secret: 0 }] },
    })
  })

  it("are refused when a login is there in part, and the error names what is missing", async () => {
    await expect(made({ registry: "reg.test", password: "secret-1" })).rejects.toThrow(
      "[CREDENTIALS_INVALID] registry, username and password belong together: username is missing or empty",
    )
    await expect(made({ username: "robot" })).rejects.toThrow("registry and password are missing or empty")
  })

  it.each([
    [{ severity: "HIHG" }, '[ARGUMENT_INVALID] "HIHG" is not a severity: expected one of'],
    [{ exceptions: "CVE-2024-1|nonsense" }, '[ARGUMENT_INVALID] the exceptions "nonsense" are not ids'],
    [{ registry: "a b", username: "u", password: "secret-1" }, '[CREDENTIALS_INVALID] "a b" is not a registry address'],
    [{ trivyDatabase: "UPPER//x" }, "[REFERENCE_INVALID]"],
    [{ trivyDatabase: "reg.test/db:2", databaseDirectory: "directory-1" }, "[ARGUMENT_INVALID] a database comes from"],
    [{ registryService: "service-1" }, "[ARGUMENT_INVALID] registryService answers as registry"],
    [{ registry: "localhost:5000", registryService: "service-1" }, '[ARGUMENT_INVALID] "localhost:5000" means the'],
    [{ registry: "reg.test", registryService: "service-1", username: "u" }, "[CREDENTIALS_INVALID] registry, username"],
    [{ signingKeyPassword: "secret-1" }, "[ARGUMENT_INVALID] signingKeyPassword is the password of signingKey"],
  ])("are refused before any verb runs: %o", async (fnArgs, message) => {
    await expect(made(fnArgs)).rejects.toThrow(message)
  })

  it("are all told at once when several are wrong", async () => {
    const wrong = made({ severity: "HIHG", exceptions: "nonsense", username: "robot" })
    await expect(wrong).rejects.toThrow("[ARGUMENT_INVALID] 3 problems: ")
    await expect(wrong).rejects.toThrow(/"HIHG".*"nonsense".*\[CREDENTIALS_INVALID\] registry, username and password/)
  })
})
