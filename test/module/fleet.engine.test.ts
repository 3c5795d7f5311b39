// A fleet by the real CLI and engine: planned, applied in shards, put together, and applied again without a write.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  bind,
  type BoundRegistry,
  call,
  callError,
  callJson,
  databaseArguments,
  moduleFolder,
  toolboxArguments,
} from "../support/dagger-cli.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { writesOf } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { TcpRelay } from "../support/tcp-relay.js"

type Document = {
  readonly images: readonly { readonly target: string; readonly action?: string; readonly outcome?: string }[]
  readonly failures: readonly { readonly target: string; readonly outcome: string }[]
  readonly requests: unknown
}

let folder: string
let at: TestRegistry
let house: BoundRegistry
let base: string[]
const shards = ["1/2", "2/2"]
const cliOptions = { DAGGER_NO_NAG: "1", DAGGER_PROGRESS: "logs", DO_NOT_TRACK: "1" }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-fleet-"))
  at = await startRegistry("api")
  house = bind(at, "house.test")
  const layout = await imagesLayout()
  for (const tag of ["clean", "vulnerable"]) await pushLayout(layout, tag, { registry: at, repository: "vendor/app" })
  await pushLayout(layout, "clean", { registry: at, repository: "vendor/other" })
  base = [...toolboxArguments(), ...(await databaseArguments()), ...house.arguments]
  const repository = (name: string) => `${house.address}/${name}`
  await writeFile(
    join(folder, "cssc.yaml"),
    `version: 1
registries: [{ name: "${house.address}", anonymous: true }]
mirrors:
  - { source: "${repository("vendor/app")}", target: "${repository("quarantine/app")}" }
  - { source: "${repository("vendor/other")}", target: "${repository("quarantine/other")}", tags: { glob: [clean] } }
promotions:
  - { source: "${repository("quarantine/app")}", target: "${repository("golden/app")}" }
`,
  )
})

afterAll(async () => {
  await at.stop()
  await rm(folder, { recursive: true })
})

const verb = (name: string, ...more: string[]) => [...base, name, "--config", join(folder, "cssc.yaml"), ...more]
const exported = (name: string) => ["results", "export", "--path", join(folder, name)]
const ends = ({ images }: Document) =>
  Object.fromEntries(
    images.map(({ target, action, outcome }) => [target.slice(target.indexOf("/") + 1), outcome ?? action]),
  )
const withoutRequests = ({ requests: _requests, ...rest }: Document) => rest

/** A machine of its own: nothing of this one's home or folder, and no way to the engine but the relay. */
async function elsewhere() {
  const [relay, home] = await Promise.all([TcpRelay.start(), mkdtemp(join(folder, "machine-"))])
  const { PATH = "" } = process.env
  return { relay, options: { cwd: home, onlyEnv: { PATH, HOME: home, ...cliOptions, ...relay.environment } } }
}

describe("a fleet, by the CLI", { sequential: true }, () => {
  it("is planned in shards as in one, and nothing is written", async () => {
    await at.resetRequests()
    const whole = await callJson<Document>(verb("plan", "json"))
    expect(ends(whole)).toEqual({
      "golden/app:clean": "judge",
      "golden/app:vulnerable": "judge",
      "quarantine/app:clean": "copy",
      "quarantine/app:vulnerable": "copy",
      "quarantine/other:clean": "copy",
    })
    for (const shard of shards) await call(verb("plan", "--shard", shard, ...exported(`plans/${shard[0]}`)))
    const merged = await callJson<Document>([
      ...toolboxArguments(),
      "merge",
      "--results",
      join(folder, "plans"),
      "json",
    ])
    expect(withoutRequests(merged)).toEqual(withoutRequests(whole))
    expect(await writesOf(at)).toEqual([])
  })

  it("is applied in shards by two machines on an engine over TCP, merges, and fails by what is blocked alone", async () => {
    await Promise.all(
      shards.map(async (shard) => {
        const machine = await elsewhere()
        const words = ["-m", moduleFolder, ...verb("apply", "--shard", shard, ...exported(`applied/${shard[0]}`))]
        await call(words, machine.options).finally(() => machine.relay.stop())
        expect(machine.relay.sent).toBeGreaterThan(1000)
        expect(machine.relay.received).toBeGreaterThan(1000)
      }),
    )
    await call([...toolboxArguments(), "merge", "--results", join(folder, "applied"), ...exported("merged")])
    const merged = JSON.parse(await readFile(join(folder, "merged", "result.json"), "utf8")) as Document
    expect(ends(merged)).toEqual({
      "golden/app:clean": "promote",
      "golden/app:vulnerable": "blocked",
      "quarantine/app:clean": "copied",
      "quarantine/app:vulnerable": "copied",
      "quarantine/other:clean": "copied",
    })
    const run = join(folder, "merged", "runs", house.address.replace(":", "+"), "golden", "app", "tags", "clean")
    expect(JSON.parse(await readFile(join(run, "verdict.json"), "utf8"))).toMatchObject({ passed: true })
    const error = await callError([...toolboxArguments(), "check", "--results", join(folder, "merged")])
    expect(error).toContain(`1 of 5 did not pass: ${house.address}/golden/app:vulnerable: blocked`)
  })

  it("is a report and events, once its shards are merged", async () => {
    const merged = ["--results", join(folder, "merged")]
    await call([
      ...toolboxArguments(),
      "report",
      ...merged,
      "--format",
      "junit",
      "export",
      "--path",
      `${folder}/junit.xml`,
    ])
    const junit = await readFile(join(folder, "junit.xml"), "utf8")
    for (const tag of ["clean", "vulnerable"]) expect(junit).toContain(`quarantine/app:${tag}`)
    const told = await callJson<{ readonly type: string }[]>([...toolboxArguments(), "events", ...merged, "contents"])
    const types = told.map(({ type }) => /image\.(\w+)\.v1$/.exec(type)?.[1])
    expect(types.filter((type) => type === "mirrored")).toHaveLength(3)
    for (const type of ["promoted", "blocked"]) expect(types.filter((one) => one === type)).toHaveLength(1)
  })

  it("writes nothing when it is applied again", async () => {
    await at.resetRequests()
    const again = await callJson<Document>(verb("apply", "json"))
    expect(ends(again)).toMatchObject({
      "golden/app:clean": "unchanged",
      "quarantine/app:clean": "unchanged",
      "quarantine/other:clean": "unchanged",
    })
    expect(await writesOf(at)).toEqual([])
  })
})
