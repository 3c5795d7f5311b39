// Seconds, requests and memory of mirroring the tags of one repository, first and again: one `apply` beside what people run
// instead, regsync (REGSYNC=<path>), skopeo sync (SKOPEO=<path>), loops of `oras cp -r` and `crane cp`; TAGS=200 LATENCY=0
// PEERS=1. Memory is that of the largest process: the module's own, without the engine, or the peer's.
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { anImage } from "../support/build-image.js"
import { bind, call, toolboxArguments } from "../support/dagger-cli.js"
import { hostTools } from "../support/parts.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { peakMemory } from "./peak-memory.js"
import { printTable, seconds } from "./side-by-side.js"

const run = promisify(execFile)
const count = Number(process.env.TAGS ?? 200)
const latencyMilliseconds = Number(process.env.LATENCY ?? 0)
const tags = Array.from({ length: count }, (_, at) => `1.${at}.0`)

type Ends = { readonly source: TestRegistry; readonly target: TestRegistry; readonly folder: string }
type Way = { readonly name: string; readonly process: string; readonly work: (ends: Ends) => Promise<unknown> }

async function apply({ source, target, folder }: Ends): Promise<void> {
  const [from, to] = [bind(source, "source.test"), bind(target, "target.test")]
  const file = join(folder, "cssc.yaml")
  const mirrors = [{ source: `${from.address}/app`, target: `${to.address}/app`, history: false, provenance: false }]
  const registries = [from, to].map(({ address }) => ({ name: address, anonymous: true }))
  await writeFile(file, JSON.stringify({ version: 1, registries, mirrors }))
  const words = [...toolboxArguments(), ...from.constructorArguments, ...to.arguments]
  expect((await call([...words, "apply", "--config", file, "passed"])).trim()).toBe("true")
}

async function regsync(program: string, { source, target, folder }: Ends): Promise<void> {
  const creds = [source, target].map(({ address }) => ({ registry: address, tls: "disabled" }))
  const sync = [{ source: `${source.address}/app`, target: `${target.address}/app`, type: "repository" }]
  const file = join(folder, "regsync.yml")
  await writeFile(
    file,
    JSON.stringify({ version: 1, creds, defaults: { parallel: 4, referrers: true, fastCheck: true }, sync }),
  )
  await run(program, ["once", "-c", file], { maxBuffer: 1 << 28 })
}

async function skopeo(program: string, { source, target }: Ends): Promise<void> {
  const insecure = ["--src-tls-verify=false", "--dest-tls-verify=false", "--all"]
  const ends = ["--src", "docker", "--dest", "docker", `${source.address}/app`, target.address]
  await run(program, ["--insecure-policy", "sync", ...insecure, ...ends], { maxBuffer: 1 << 28 })
}

async function loop({ source, target }: Ends, command: (from: string, to: string) => Promise<unknown>): Promise<void> {
  for (const tag of tags) await command(`${source.address}/app:${tag}`, `${target.address}/app:${tag}`)
}

async function ways(): Promise<Way[]> {
  const { crane, oras } = await hostTools()
  const { REGSYNC, SKOPEO, PEERS = "1" } = process.env
  const plain = ["--from-plain-http", "--to-plain-http"]
  const copyByOras = (a: string, b: string) => run(oras, ["cp", "-r", "--no-tty", ...plain, a, b])
  const copyByCrane = (a: string, b: string) => run(crane, ["cp", "--insecure", a, b])
  const loops = PEERS === "1"
  const all: [string, string | undefined, (program: string, ends: Ends) => Promise<unknown>][] = [
    ["cssc apply", "__dagger.entrypoint.ts", (_, ends) => apply(ends)],
    ["regsync once", REGSYNC, regsync],
    ["skopeo sync", SKOPEO, skopeo],
    ["oras cp -r, a loop", loops ? oras : undefined, (_, ends) => loop(ends, copyByOras)],
    ["crane cp, a loop", loops ? crane : undefined, (_, ends) => loop(ends, copyByCrane)],
  ]
  return all.flatMap(([name, process, work]) =>
    process === undefined ? [] : [{ name, process, work: (ends) => work(process, ends) }],
  )
}

it(`mirrors ${count} tags`, async () => {
  const source = await startRegistry("api", { latencyMilliseconds })
  for (const tag of tags)
    await pushImage(
      source.url,
      "app",
      tag,
      anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: ["base", tag] }),
    )
  const rows: (string | number)[][] = []
  for (const { name, process, work } of await ways()) {
    const target = await startRegistry("api", { latencyMilliseconds })
    const folder = await mkdtemp(join(tmpdir(), "cssc-bench-"))
    for (const step of ["first", "again"]) {
      await Promise.all([source.resetRequests(), target.resetRequests()])
      let memory: number | undefined
      const time = await seconds(async () => {
        memory = await peakMemory(process, () => work({ source, target, folder }))
      })
      const [read, wrote] = [(await source.requests()).length, (await target.requests()).length]
      rows.push([name, step, time, read, wrote, memory ?? "not seen"])
      console.log(name, step, time.toFixed(1), read, wrote, memory)
    }
    await Promise.all([target.stop(), rm(folder, { recursive: true })])
  }
  await source.stop()
  const title = `${count} tags, ${latencyMilliseconds} ms a request`
  printTable(title, ["way", "step", "seconds", "at the source", "at the target", "MiB"], rows)
})
