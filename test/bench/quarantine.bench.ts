// Seconds and requests of 20 tags of two platforms through promote-quarantine, with scans that no cache knows, beside the
// composite actions' steps as a shell loop on the host, and with BEFORE=/path another checkout; with and without the
// latency of a registry across the internet. The engine forgets a module seconds after its last session: with WARM=1 a call
// of another verb goes before ours, which is not counted.
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { bind, moduleFolder, toolboxArguments } from "../support/dagger-cli.js"
import { hostTools, trivyDatabase } from "../support/parts.js"
import type { TestRegistry } from "../support/registry.js"
import { seededQuarantine, tagNames } from "./seeded-quarantine.js"
import { callIn, median, printTable, rounds, seconds, type State, states } from "./side-by-side.js"

const run = promisify(execFile)
const tags = tagNames(20)

type Way = {
  readonly name: string
  readonly work: (registry: TestRegistry) => Promise<void>
  readonly warm?: () => Promise<unknown>
}
type Measured = { readonly time: number; readonly requests: number }

function ours(state: State): Way {
  const work = async (registry: TestRegistry) => {
    const bench = bind(registry, "bench.test")
    // As each state has it: an argument of the constructor costs no link, and 1855e88 has none for database and service.
    const folder = join(await trivyDatabase(), "db")
    const now = state.name === "now"
    const given = now ? ["--database-directory", folder, ...bench.constructorArguments] : bench.arguments
    const built = now ? [] : ["with-trivy-database", "--directory", folder]
    const places = ["--source", `${bench.address}/quarantine/app`, "--target", `${bench.address}/golden/app`]
    const job = ["promote-quarantine", ...places, "--delete-source=false", "json"]
    const words = [...toolboxArguments(), ...given, ...built, ...job]
    const { tags: done } = JSON.parse(await callIn(state, words)) as { tags: { outcome: string }[] }
    expect(done.map(({ outcome }) => outcome)).toEqual(tags.map(() => "promote"))
  }
  const warm = () => callIn(state, [...toolboxArguments(), "policy-schema"])
  return { name: `promote-quarantine ${state.name}`, work, ...(process.env.WARM === "1" ? { warm } : {}) }
}

const loop: Way = {
  name: "shell loop",
  async work(registry) {
    const { oras } = await hostTools()
    const env = { ...process.env, PATH: `${join(oras, "..")}:${process.env.PATH ?? ""}` }
    const places = [`${registry.address}/quarantine/app`, `${registry.address}/golden/app`, await trivyDatabase()]
    await run(join(moduleFolder, "test/bench/actions-loop.sh"), [...places, ...tags], { env, maxBuffer: 1 << 28 })
  },
}

async function measure({ work, warm }: Way, latency: number): Promise<Measured> {
  const registry = await seededQuarantine(tags, latency)
  try {
    await registry.resetRequests()
    await warm?.()
    const time = await seconds(() => work(registry))
    return { time, requests: (await registry.requests()).length }
  } finally {
    await registry.stop()
  }
}

it.each([0, 40])("20 tags with %i ms added to each request", async (latency) => {
  const ways = [loop, ...states.map(ours)]
  const found: Measured[][] = ways.map(() => [])
  for (let round = 0; round < rounds; round++)
    for (const [at, way] of ways.entries()) found[at]?.push(await measure(way, latency))
  const rows = ways.map(({ name }, at) => [
    name,
    median(found[at]?.map(({ time }) => time) ?? []),
    found[at]?.at(-1)?.requests ?? 0,
  ])
  printTable(`20 tags, ${latency} ms a request, median of ${rounds}`, ["way", "seconds", "requests"], rows)
})
