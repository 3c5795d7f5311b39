// Whatever write of a promotion fails, the tag stays where it was, and the next run completes what was begun.
import { setTimeout as delay } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { CsscError } from "../../core/errors.js"
import { verdictPredicateType } from "../../core/evidence/verdict-statement.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { attachedStatements } from "../support/attached-statements.js"
import { anImage } from "../support/build-image.js"
import { gateImage, newRegistry, promoteImage, refer, tagDigest, writesOf } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { type Fault, startRegistry, type TestRegistry } from "../support/registry.js"

const image = (layer: string) =>
  anImage({
    platforms: ["linux/amd64"],
    layers: [layer],
    sbom: "cyclonedx",
    packages: ["pkg:npm/minimist@1.2.8"],
  })

const old = image("old")

function bound<T extends object>(real: T, name: string | symbol): unknown {
  const value: unknown = Reflect.get(real, name)
  return typeof value === "function" ? (value.bind(real) as unknown) : value
}

describe.each(["api", "distribution"] as const)("a write that fails on %s", (kind) => {
  let at: TestRegistry
  let fresh: GateResult
  beforeAll(async () => {
    at = await startRegistry(kind)
    await pushImage(at.url, "quarantine/app", "new", image("new"))
    fresh = await gateImage(refer(at, "quarantine/app:new"))
  })
  afterAll(() => at.stop())

  // One write answered with a refusal that no client tries again.
  const refused = (method: string, repository: string, skip: number): Fault => ({
    status: 403,
    body: '{"errors":[{"code":"DENIED","message":"not now"}]}',
    match: { method, pathRegex: `^/v2/${repository}/` },
    skip,
    times: 1,
  })

  const complete = async (repository: string) => {
    const found = await attachedStatements({ ...refer(at, repository), digest: fresh.image.digest })
    return (
      found.filter(
        ({ predicateType, subject, about }) =>
          predicateType === predicateTypes.cosignVulnerabilities && about[0] === subject,
      ).length === 2
    )
  }

  const occupied = async (repository: string) => {
    await pushImage(at.url, repository, "1", old)
    return refer(at, `${repository}:1`)
  }

  it.each(["POST", "PUT"])(
    "leaves the old tag, for each %s of a promotion",
    async (method) => {
      const counted = await occupied(`golden/count-${method.toLowerCase()}`)
      await at.resetRequests()
      await promoteImage(fresh, counted)
      const count = (await writesOf(at, counted.repository)).filter((one) => one.method === method).length
      let failed = 0
      for (let skip = 0; skip < count; skip++) {
        const target = await occupied(`golden/${method.toLowerCase()}${skip}`)
        await at.fault(refused(method, target.repository, skip))
        const told = await promoteImage(fresh, target).then(
          () => "promoted",
          (error: unknown) => String(error),
        )
        await at.clearFaults()
        const tag = await tagDigest(at, `${target.repository}:1`)
        if (told === "promoted") {
          // A refused mount is uploaded instead: then all must be there.
          expect({ skip, tag, complete: await complete(target.repository) }).toEqual({
            skip,
            tag: fresh.image.digest,
            complete: true,
          })
          continue
        }
        failed++
        expect({ skip, tag, told }).toEqual({
          skip,
          tag: old.digest,
          told: expect.stringMatching(/^CsscError: \[REGISTRY_UNAUTHORIZED\]/),
        })
        expect(await promoteImage(fresh, target)).toMatchObject({ outcome: "promote", tagged: true })
      }
      expect(failed).toBeGreaterThanOrEqual(method === "PUT" ? count : 3)
    },
    180_000,
  )

  it("has nothing under way when it fails, so that who repeats it at once attaches nothing twice", async () => {
    const target = refer(at, "golden/twice:1")
    let underWay = 0
    const registry = newRegistry()
    const attach = async (...[subject, artifact]: Parameters<typeof registry.attach>) => {
      if (subject.digest !== fresh.image.digest) throw new CsscError("REGISTRY_UNAUTHORIZED", "not now")
      underWay++
      await delay(200)
      return registry.attach(subject, artifact).finally(() => underWay--)
    }
    const slow = new Proxy(registry, {
      get: (real, name) => (name === "attach" ? attach : bound(real, name)),
    })
    await expect(promoteImage(fresh, target, { registry: slow })).rejects.toThrow("not now")
    expect(underWay).toBe(0)
    expect(await promoteImage(fresh, target)).toMatchObject({ outcome: "promote", tagged: true })
    const found = await attachedStatements({ ...target, digest: fresh.image.digest })
    const said = found.map(({ subject, predicateType }) => `${predicateType} of ${subject}`)
    expect(said).toHaveLength(new Set(said).size)
    expect(said).toContain(`${verdictPredicateType} of ${fresh.image.digest}`)
  })

  it("moves the tag with the very last write", async () => {
    await at.resetRequests()
    await promoteImage(fresh, refer(at, "golden/order:1"))
    const writes = (await writesOf(at, "/v2/golden/order/")).map(({ method, path }) => `${method} ${path}`)
    expect(writes.filter((one) => one.endsWith("/manifests/1"))).toHaveLength(1)
    expect(writes.at(-1)).toBe("PUT /v2/golden/order/manifests/1")
  })

  it("names an immutable tag, and leaves it", async () => {
    const target = await occupied("golden/fixed")
    await at.fault({ kind: "immutable-tags", tags: "1" })
    await expect(promoteImage(fresh, target)).rejects.toMatchObject({ code: "TAG_IMMUTABLE" })
    await at.clearFaults()
    expect(await tagDigest(at, "golden/fixed:1")).toBe(old.digest)
  })

  it("does not take a manifest that comes with other bytes", async () => {
    const platform = fresh.assessment.platforms[0]?.digest ?? ""
    await at.fault({ kind: "corrupt", digest: platform, match: { pathRegex: "^/v2/quarantine/app/" } })
    await expect(promoteImage(fresh, refer(at, "golden/corrupt:1"))).rejects.toThrow()
    await at.clearFaults()
    expect(await tagDigest(at, "golden/corrupt:1")).toBeUndefined()
  })
})
