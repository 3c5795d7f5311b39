// Evidence does not grow for ever: what a newer statement of ours replaced goes, and nothing that proves.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createSigner } from "../../core/attestation/signer.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { pin } from "../../core/image/image-graph.js"
import { readManifest } from "../../core/image/read-manifest.js"
import { listAttached } from "../../core/image/subjects.js"
import { flattenReferrers } from "../../core/oci/referrers.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import type { Policy } from "../../core/policy/document/policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import { attest } from "../../core/promote/attest.js"
import { verify } from "../../core/verify/verify.js"
import { aKey } from "../core/attestation/build-signed.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { aStatement } from "../support/build-referrer.js"
import { anOperation, context, gateImage, newRegistry, promoteImage, refer } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const key = aKey()
const signing = { ...context, signer: createSigner(key.pem) }
const policy = parsePolicy("version: 1\ndatabase: { max-age: 60d }\n")
const stricter = parsePolicy("version: 1\ndatabase: { max-age: 60d }\nplatforms: [linux/s390x]\n")
const day = 24 * 60 * 60 * 1000

describe.each(["api", "distribution"] as const)("replaced evidence on %s", (kind) => {
  let at: TestRegistry
  let image: TestImage
  let golden = ""
  let number = 0
  let gated: GateResult
  const start = Date.now()
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  afterEach(() => at.clearFaults())
  beforeEach(async () => {
    golden = `golden/app${++number}`
    image = anImage({ layers: [`prune ${number}`], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(at.url, `quarantine/app${number}`, "1", image)
    gated = await gateImage(refer(at, `quarantine/app${number}:1`), { policy, context: signing })
    await promoteImage(gated, refer(at, `${golden}:1`), { policy, context: signing })
  })
  const promoted = () => pin(newRegistry(), refer(at, `${golden}:1`))
  const operation = (by: Policy, days: number) =>
    anOperation({ policy: by, context: signing, now: () => new Date(start + days * day) })
  const attestAt = async (days: number, by = policy) => {
    const verdict = evaluate(gated.assessment, by, { now: new Date(start + days * day) })
    return attest(operation(by, days), { ...gated, image: await promoted(), verdict })
  }
  const verifiedAt = async (days: number) => verify(operation(policy, days), { image: await promoted(), maxAge: day })
  const there = async () => {
    const reference = await promoted()
    const manifest = await readManifest(newRegistry(), reference)
    const { trees } = await listAttached(newRegistry(), reference, manifest)
    return trees.flatMap(flattenReferrers).map(({ digest }) => digest)
  }

  it("goes day by day, and the image stays proven", async () => {
    const others = new Set(image.referrers.map(({ descriptor }) => descriptor.digest))
    const counts: number[] = []
    for (let days = 2; days <= 8; days += 2) {
      await attestAt(days)
      counts.push((await there()).length)
      expect(await verifiedAt(days)).toMatchObject({ verified: true, problems: [] })
    }
    expect(Math.max(...counts.slice(2))).toBe(counts[1])
    expect((await there()).filter((digest) => others.has(digest as never))).toHaveLength(others.size)
  })

  it("keeps what says FAILED while it is the newest, and takes nothing that is not ours", async () => {
    const claim = { predicateType: "https://slsa.dev/verification_summary/v1", predicate: {} }
    const foreign = await attachReferrer(at.url, golden, aStatement(image.root.descriptor, claim))
    const { attached } = await attestAt(2, stricter)
    const pruned = (await attestAt(2.1, stricter)).pruned
    expect(pruned).toBeUndefined()
    expect(await there()).toEqual(expect.arrayContaining([foreign, ...attached.map(({ digest }) => digest)]))
    expect((await verifiedAt(2.2)).verified).toBe(false)
  })

  it("stays where the registry deletes nothing, and the result says so", async () => {
    const before = await there()
    await at.fault({ kind: "delete-unsupported" })
    const { pruned } = await attestAt(2)
    expect(pruned).toMatchObject({ removed: [], note: expect.stringContaining("does not allow deletion") })
    expect(await there()).toEqual(expect.arrayContaining(before))
    expect((await verifiedAt(2)).verified).toBe(true)
  })

  it("goes by the registry's own interface only where it has no other", async () => {
    const verdict = evaluate(gated.assessment, policy, { now: new Date(start + 2 * day) })
    const way = { kind: "none", reason: "pass a token by with-delete-token" } as const
    const asked = { ...gated, image: await promoted(), verdict }
    const { pruned } = await attest(operation(policy, 2), asked, { deletionWay: way })
    expect(pruned).toMatchObject({ removed: [], note: expect.stringContaining("with-delete-token") })
  })
})
