// How many requests a promotion makes, as docs/performance.md tells: two platforms of three layers, a referrer on each
// platform and on the index, everything on one registry. More than told here is a regression.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { GateResult } from "../../core/gate/gate-result.js"
import { type Digest, parseDigest } from "../../core/oci/digest.js"
import type { Copy } from "../../core/ports.js"
import { anImage } from "../support/build-image.js"
import { aStatement } from "../support/build-referrer.js"
import { gateImage, newRegistry, promoteImage, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const most = {
  api: { oras: 50, mounts: 21, statement: 5, promote: 80, unchanged: 58 },
  distribution: { oras: 58, mounts: 30, statement: 8, promote: 118, unchanged: 66 },
}

describe.each(["api", "distribution"] as const)("requests on %s", (kind) => {
  let at: TestRegistry
  let gated: GateResult
  let attached: readonly Digest[]
  beforeAll(async () => {
    at = await startRegistry(kind)
    const image = anImage({
      platforms: ["linux/amd64", "linux/arm64"],
      layers: ["a", "b", "c"],
      sbom: "cyclonedx",
      packages: ["pkg:npm/minimist@1.2.8"],
    })
    const vex = aStatement(image.root.descriptor, { predicateType: "https://openvex.dev/ns", predicate: {} })
    const referrers = [...image.referrers, vex]
    await pushImage(at.url, "quarantine/app", "1", { ...image, referrers })
    attached = referrers.map(({ descriptor }) => parseDigest(descriptor.digest))
    gated = await gateImage(refer(at, "quarantine/app:1"))
  })
  afterAll(() => at.stop())

  const count = async (work: () => Promise<unknown>) => {
    await at.resetRequests()
    await work()
    return (await at.requests()).filter(({ kind: what }) => what !== "ping" && what !== "token").length
  }

  it("stays within the table", async () => {
    const { registry, repository } = refer(at, "golden/copy")
    const copy = (target: string, more: Pick<Copy, "attached"> = {}) =>
      newRegistry().copy({ source: gated.image, target: { registry, repository: target }, referrers: true, ...more })
    const found = {
      oras: await count(() => copy(repository)),
      mounts: await count(() => copy("golden/mounted", { attached })),
      statement: await count(() => attachOne()),
      promote: await count(() => promoteImage(gated, refer(at, "golden/app:1"))),
      unchanged: await count(() => promoteImage(gated, refer(at, "golden/app:1"))),
    }
    console.log(kind, JSON.stringify(found))
    for (const [step, requests] of Object.entries(found))
      expect([step, requests <= most[kind][step as keyof typeof found]]).toEqual([step, true])
  })

  const attachOne = () =>
    newRegistry().attach(
      { ...refer(at, "golden/copy"), digest: gated.image.digest },
      {
        artifactType: "application/vnd.in-toto+json",
        fileName: "a.json",
        mediaType: "application/vnd.in-toto+json",
        content: '{"a":1}',
        annotations: {},
      },
    )
})
