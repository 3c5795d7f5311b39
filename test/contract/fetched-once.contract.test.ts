// One call of a gate and a promotion with a key: what has a digest is fetched once, whoever asks for it.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createSigner } from "../../core/attestation/signer.js"
import { gate } from "../../core/gate/gate.js"
import { pin } from "../../core/image/image-graph.js"
import { promote } from "../../core/promote/promote.js"
import { aKey } from "../core/attestation/build-signed.js"
import { anImage } from "../support/build-image.js"
import { anOperation, context, newRegistry, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const key = aKey()
const signing = { ...context, signer: createSigner(key.pem), keys: [{ ...key.publicKey, publisher: "" }] }

describe.each(["api", "distribution"] as const)("a signed promotion on %s", (kind) => {
  let at: TestRegistry
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())

  it("fetches no blob and no manifest of a digest twice, when it writes and when it finds all there", async () => {
    const image = anImage({
      platforms: ["linux/amd64", "linux/arm64"],
      sbom: "cyclonedx",
      packages: ["pkg:npm/a@1.0.0"],
    })
    await pushImage(at.url, "quarantine/app", "1", image)
    for (const round of ["writes", "finds"]) {
      await at.resetRequests()
      const operation = anOperation({ context: signing, registry: newRegistry() })
      const [source, target] = [await pin(operation.registry, refer(at, "quarantine/app:1")), refer(at, "golden/app:1")]
      const gated = await gate(operation, { image: source, method: "sbom", predicateType: "" })
      await promote(operation, gated, { source, target, dryRun: false })
      const ours = (await at.requests()).filter(({ method, userAgent }) => method === "GET" && userAgent === "cssc")
      const fetched = ours.filter(({ path }) => /\/(blobs|manifests)\/sha256:/.test(path)).map(({ path }) => path)
      expect(fetched.length).toBeGreaterThan(5)
      expect([round, fetched.filter((path, place) => fetched.indexOf(path) !== place)]).toEqual([round, []])
    }
  })
})
