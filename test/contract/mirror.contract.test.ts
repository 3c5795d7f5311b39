import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { OrasRegistry } from "../../dagger/oras-registry.js"
import { parseReference } from "../../src/oci/reference.js"
import { mirror } from "../../src/pipeline/mirror.js"
import { anImage } from "../support/build-image.js"
import { HostToolRunner } from "../support/host-tool-runner.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

describe("mirror", () => {
  let source: TestRegistry
  let target: TestRegistry
  beforeAll(async () => {
    source = await startRegistry("api")
    target = await startRegistry("api")
  })
  afterAll(async () => {
    await source.stop()
    await target.stop()
  })

  it("copies an image with its referrers, and the second run writes nothing", async () => {
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: ["a", "b", "c"], sbom: "cyclonedx" })
    await pushImage(source.url, "app", "1", image)
    const retry = { delays: [], maxDelay: 0, sleep: () => Promise.resolve() }
    const request = {
      source: parseReference(`${source.address}/app:1`),
      target: parseReference(`${target.address}/quarantine/app:1`),
      force: false, referrers: true, history: true, provenance: true, platforms: [], newDigest: false, dryRun: false, sourceAuthenticated: false,
    }
    const context = { now: () => new Date(), run: { url: "", id: "", attempt: "", actor: "", workflow: "" } }
    const first = await mirror(new OrasRegistry(new HostToolRunner(), retry), request, context)
    console.log(JSON.stringify(first, null, 1))
    expect(first.digest).toBe(image.digest)
    const second = await mirror(new OrasRegistry(new HostToolRunner(), retry), request, context)
    console.log(JSON.stringify(second, null, 1))
    expect(second.copied).toBe(false)
    void attachReferrer
  })
})
