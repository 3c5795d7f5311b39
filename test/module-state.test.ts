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

  it("goes from a gate to its verdict", async () => {
    const judged = { decision: '{"outcome":"promote","passed":true}', assessment: "{}", markdown: "# yes" }
    const gate = { ...carried, ...judged, image: "reg.test/app@sha256:00", output: "directory-2" }
    const verdict = await invoke({ parentName: "Gate", parentArgs: gate, fnName: "verdict", fnArgs: {} })
    expect(verdict).toEqual({ ...carried, ...judged, output: "directory-2" })
    const leaf = { parentName: "Verdict", parentArgs: verdict as Fields, fnArgs: {} }
    expect(await invoke({ ...leaf, fnName: "outcome" })).toBe("promote")
    expect(await invoke({ ...leaf, fnName: "passed" })).toBe(true)
    expect(await invoke({ ...leaf, fnName: "results" })).toBe("directory-2")
  })

  it("is made without a look at a secret's text", async () => {
    const fnArgs = { address: "reg.test", username: "robot", secret: "secret-1" }
    const state = await invoke({ parentName: "Cssc", parentArgs: carried, fnName: "withRegistryAuth", fnArgs })
    expect(state).toMatchObject({ secrets: ["secret-1", "secret-1"] })
  })
})
