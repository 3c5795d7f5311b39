// 20 tags of two platforms through `promote-quarantine`, side by side with the composite actions' steps as a shell loop
// on the host, with and without the latency of a registry across the internet. Prints a row per setting.
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { anImage } from "../support/build-image.js"
import { hostTools, trivyDatabase } from "../support/parts.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const run = promisify(execFile)
const tags = Array.from({ length: 20 }, (_, index) => `v${index}`)
const packages = ["pkg:npm/left-pad@1.3.0", "pkg:npm/lodash@4.17.21", "pkg:pypi/requests@2.32.4"]

async function seeded(latencyMilliseconds: number): Promise<TestRegistry> {
  const registry = await startRegistry("api", { latencyMilliseconds })
  for (const tag of tags) {
    const image = anImage({
      platforms: ["linux/amd64", "linux/arm64"],
      layers: [tag, "b", "c"],
      sbom: "cyclonedx",
      packages: [...packages, `pkg:npm/${tag}@1.0.0`],
    })
    await pushImage(registry.url, "quarantine/app", tag, image)
  }
  return registry
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

async function ours(registry: TestRegistry, database: string): Promise<void> {
  const port = registry.address.split(":")[1] ?? ""
  const bench = `bench.test:${port}`
  const place = [
    "with-registry-service",
    "--address",
    bench,
    "--service",
    `tcp://${registry.address}`,
    "with-trivy-database",
    "--directory",
    join(database, "db"),
  ]
  const job = [
    "promote-quarantine",
    "--source",
    `${bench}/quarantine/app`,
    "--target",
    `${bench}/golden/app`,
    "--delete-source=false",
    "json",
  ]
  const toolbox = process.env.CSSC_TOOLBOX ? ["--toolbox", process.env.CSSC_TOOLBOX] : []
  const { stdout } = await run("dagger", ["-s", "call", ...toolbox, ...place, ...job], { maxBuffer: 1 << 28 })
  const outcomes = (JSON.parse(stdout) as { tags: { outcome: string }[] }).tags.map(({ outcome }) => outcome)
  expect(outcomes).toEqual(tags.map(() => "promote"))
}

async function peers(registry: TestRegistry, database: string): Promise<void> {
  const { oras } = await hostTools()
  const env = { ...process.env, PATH: `${join(oras, "..")}:${process.env.PATH ?? ""}` }
  await run(
    "test/bench/actions-loop.sh",
    [`${registry.address}/quarantine/app`, `${registry.address}/golden/app`, database, ...tags],
    { env, maxBuffer: 1 << 28 },
  )
}

it.each([0, 40])("20 tags with %i ms added to each request", async (latency) => {
  const database = await trivyDatabase()
  for (const [name, work] of [
    ["shell loop", peers],
    ["promote-quarantine", ours],
  ] as const) {
    const registry = await seeded(latency)
    await registry.resetRequests()
    const seconds = await timed(() => work(registry, database))
    const requests = (await registry.requests()).length
    console.log(
      `${latency} ms | ${name} | ${seconds.toFixed(1)} s | ${requests} requests | ${(requests / tags.length).toFixed(1)} a tag`,
    )
    await registry.stop()
  }
})
