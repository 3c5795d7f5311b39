// A verdict that comes as a file is a claim: judged again now, and never believed. As dagger/calls/promote.ts chains it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultJudging } from "../../core/gate/judging.js"
import { claimOf, requireClaimHolds } from "../../core/gate/verdict-claim.js"
import { pin } from "../../core/image/image-graph.js"
import { defaultPolicy } from "../../core/policy/document/policy.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { gateImage, newRegistry, promoteImage, refer, tagDigest, writesOf } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const hour = 60 * 60 * 1000

describe("promote from a verdict file on api", () => {
  let at: TestRegistry
  let passed: Verdict
  let blocked: Verdict
  beforeAll(async () => {
    at = await startRegistry("api")
    const layout = await imagesLayout()
    for (const tag of ["clean", "vulnerable"])
      await pushLayout(layout, tag, { registry: at, repository: "quarantine/app" })
    passed = (await gateImage(refer(at, "quarantine/app:clean"))).verdict
    blocked = (await gateImage(refer(at, "quarantine/app:vulnerable"))).verdict
  })
  afterAll(() => at.stop())
  beforeEach(() => at.resetRequests())

  const promoteFile = async (text: string, policy = defaultPolicy()) => {
    const claim = claimOf(
      { policy, now: () => new Date() },
      { file: { text }, source: refer(at, "quarantine/app"), judging: defaultJudging },
    )
    const image = await pin(newRegistry(), claim.image)
    const gated = await gateImage(image, { method: claim.method, predicateType: claim.predicateType, policy })
    requireClaimHolds(claim, gated.verdict)
    return promoteImage(gated, refer(at, "golden/app:1"), { policy })
  }
  it("does not let the file choose how it is judged: an SBOM of a type that only the file knows is not asked for", async () => {
    const chosen = { predicateType: "https://evil.example/sbom" }
    await expect(promoteFile(text(passed, chosen))).rejects.toMatchObject({ code: "VERDICT_UNTRUSTED" })
    await expect(promoteFile(text(passed, { method: "image" }))).rejects.toThrow(/say which method and predicate type/)
    expect(await writesOf(at)).toEqual([])
  })

  const text = (verdict: object, changes: object = {}) => JSON.stringify({ ...verdict, ...changes })
  const ago = (hours: number) => ({ evaluatedAt: new Date(Date.now() - hours * hour).toISOString() })

  it.each<[string, () => string, string]>([
    ["says that it is blocked", () => text(blocked), "GATE_BLOCKED"],
    [
      "was blocked and is edited to passed",
      () => text(blocked, { passed: true, outcome: "promote", remaining: [], reasons: [] }),
      "VERDICT_UNTRUSTED",
    ],
    [
      "is edited to passed, findings kept",
      () => text(blocked, { passed: true, outcome: "promote" }),
      "VERDICT_UNTRUSTED",
    ],
    ["is of another image, which did not pass", () => text(passed, { image: blocked.image }), "VERDICT_UNTRUSTED"],
    [
      "names two digests",
      () => text(passed, { image: { ...passed.image, digest: blocked.image.digest } }),
      "VERDICT_UNTRUSTED",
    ],
    [
      "names no digest",
      () => text(passed, { image: { ...passed.image, reference: "a.example/app:1" } }),
      "VERDICT_UNTRUSTED",
    ],
    [
      "is about an image of another repository",
      () => text(passed, { image: { ...passed.image, reference: passed.image.reference.replace("/app@", "/other@") } }),
      "VERDICT_UNTRUSTED",
    ],
    ["is older than a day", () => text(passed, ago(25)), "VERDICT_STALE"],
    ["is of tomorrow", () => text(passed, ago(-24)), "VERDICT_UNTRUSTED"],
    ["is no verdict", () => '{"schema":"https://cssc.dev/verdict/v1"}', "VERDICT_UNTRUSTED"],
    ["is no JSON", () => "{", "VERDICT_UNTRUSTED"],
    ["has an image that does not exist", () => text(passed, { image: absent(passed) }), "REGISTRY_NOT_FOUND"],
  ])("writes nothing when the file %s", async (_, file, code) => {
    await expect(promoteFile(file())).rejects.toMatchObject({ code })
    expect(await writesOf(at)).toEqual([])
    expect(await tagDigest(at, "golden/app:1")).toBeUndefined()
  })

  it("judges by the caller's policy, not by the file's", async () => {
    const strict = { ...defaultPolicy(), severity: "LOW" as const }
    await expect(promoteFile(text(passed), strict)).rejects.toMatchObject({ code: "VERDICT_UNTRUSTED" })
    expect(await writesOf(at)).toEqual([])
  })

  it("promotes what passes again", async () => {
    expect(await promoteFile(text(passed))).toMatchObject({ outcome: "promote", digest: passed.image.digest })
    expect(await tagDigest(at, "golden/app:1")).toBe(passed.image.digest)
  })
})

function absent({ image }: Verdict) {
  const digest = `sha256:${"0".repeat(64)}`
  return { ...image, digest, reference: image.reference.replace(/@.*/, `@${digest}`) }
}
