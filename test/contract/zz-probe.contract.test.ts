import { it, describe } from "vitest"
import { anImage } from "../support/build-image.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry } from "../support/registry.js"
import { gateImage, promoteImage, refer } from "../support/promotion.js"

describe("probe", () => {
  for (const kind of ["api", "distribution"] as const)
  it("counts " + kind, async () => {
    const at = await startRegistry(kind)
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: ["a", "b", "c"], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(at.url, "quarantine/app", "1", image)
    let t = Date.now()
    const gated = await gateImage(refer(at, "quarantine/app:1"))
    console.log("gate ms", Date.now() - t, gated.verdict.outcome, JSON.stringify(gated.verdict.reasons))
    for (const run of [1, 2]) {
      await at.resetRequests()
      t = Date.now()
      const result = await promoteImage(gated, refer(at, "golden/app:1"))
      console.log("promote ms", Date.now() - t, result.outcome, result.evidence.length)
      const r = (await at.requests())
      const by: Record<string, number> = {}
      for (const q of r) { const k = q.method + " " + q.kind + " " + (q.path.includes("golden") ? "T" : "S"); by[k] = (by[k] ?? 0) + 1 }
      console.log(kind, run, r.length, JSON.stringify(by))
      if (run === 1) console.log(r.map((q) => `${q.method} ${q.path.replace(/sha256[:-]([0-9a-f]{6})[0-9a-f]{58}/g, "$1").replace(/[0-9a-f-]{36}.*/, "U")} ${q.status}`).join("\n"))
    }
    await at.stop()
  })
})
