// What a morning costs: IMAGES golden images of two platforms (by default 1,000), promoted with a signed verdict, that
// `monitor` judges again by today's database. The images are promoted by our own code on this machine, without an engine; the
// registry has another name there, so that a verdict is of another repository: "first" instead of "unchanged", read all the same.
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pLimit from "p-limit"
import { expect, it } from "vitest"
import { createSigner } from "../../core/attestation/signer.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { aKey, type TestKey } from "../core/attestation/build-signed.js"
import { anImage } from "../support/build-image.js"
import { bind, call, toolboxArguments } from "../support/dagger-cli.js"
import { HostScanner } from "../support/host-scanner.js"
import { trivyDatabase } from "../support/parts.js"
import { context, gateImage, promoteImage, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { peakMemory } from "./peak-memory.js"
import { printTable, seconds, unheard } from "./side-by-side.js"

const count = Number(process.env.IMAGES ?? 1000)
const policyText = "version: 1\ndatabase: {unknown: report, max-age: 60d}\n"

/** Every image has an SBOM of its own: no scan is known to a cache. */
async function promoteOne(at: TestRegistry, key: TestKey, scanner: HostScanner, tag: string): Promise<void> {
  const packages = ["pkg:npm/left-pad@1.3.0", `pkg:npm/${unheard()}@1.0.0`]
  const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [tag], sbom: "cyclonedx", packages })
  await pushImage(at.url, "quarantine/app", tag, image)
  const signing = { ...context, signer: createSigner(key.pem), keys: [{ ...key.publicKey, publisher: "" }] }
  const how = { policy: parsePolicy(policyText), context: signing, scanner }
  const gated = await gateImage(refer(at, `quarantine/app:${tag}`), how)
  expect((await promoteImage(gated, refer(at, `golden/app:${tag}`), how)).outcome).toBe("promote")
}

async function look(at: TestRegistry, key: TestKey, folder: string): Promise<string> {
  await writeFile(join(folder, "policy.yaml"), policyText)
  await writeFile(join(folder, "gate.pub"), key.publicKey.pem)
  const bench = bind(at, "bench.test")
  const given = ["--policy", join(folder, "policy.yaml"), "--trusted-key", join(folder, "gate.pub")]
  const database = ["--database-directory", join(await trivyDatabase(), "db")]
  const words = [...toolboxArguments(), ...database, ...given, ...bench.constructorArguments]
  return call([...words, "monitor", "--repository", `${bench.address}/golden/app`, "json"])
}

it.each([0, 40])("monitors with %i ms added to each request", async (latency) => {
  const [key, scanner, limit] = [aKey(), new HostScanner(), pLimit(16)]
  const at = await startRegistry("api", { latencyMilliseconds: latency })
  const folder = await mkdtemp(join(tmpdir(), "cssc-bench-"))
  const tags = Array.from({ length: count }, (_, index) => `1.${index}.0`)
  await Promise.all(tags.map((tag) => limit(() => promoteOne(at, key, scanner, tag))))
  await at.resetRequests()
  let [said, memory]: [string, number | undefined] = ["", 0]
  const time = await seconds(async () => {
    memory = await peakMemory("__dagger.entrypoint.ts", async () => (said = await look(at, key, folder)))
  })
  const { images } = JSON.parse(said) as { images: { state: string }[] }
  expect(images.map(({ state }) => state)).toEqual(tags.map(() => "first"))
  const requests = (await at.requests()).length
  const row = [time, requests, (requests / count).toFixed(1), memory ?? "not seen"]
  printTable(`${count} golden images, ${latency} ms a request`, ["seconds", "requests", "an image", "MiB"], [row])
  await Promise.all([at.stop(), rm(folder, { recursive: true })])
})
