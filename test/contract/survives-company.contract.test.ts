// Others at the same time: a second run on the same target, somebody who deletes, a registry that is dead, a disk that is
// full; and the limits that a registry is asked within.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { mirror } from "../../core/acquire/mirror.js"
import type { MirrorResult } from "../../core/acquire/mirror-result.js"
import { parseReference } from "../../core/oci/reference.js"
import type { Registry } from "../../core/ports.js"
import { promote } from "../../core/promote/promote.js"
import type { PromotionResult } from "../../core/promote/promotion-result.js"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import { toolFailure } from "../../dagger/containers/tool-failure.js"
import { FaultProxy } from "../support/fault-proxy.js"
import type { Held } from "../support/held-state.js"
import { clientAccess } from "../support/host-access.js"
import { HostToolRunner } from "../support/host-tool-runner.js"
import { Killables } from "../support/killable-job.js"
import { anOperation, interrupt, newRegistry, refer, tagDigest } from "../support/promotion.js"
import { noRetry } from "../support/retries.js"
import { image, SurvivalWorld, verbs } from "./survival-world.js"

let killables: Killables
beforeAll(async () => {
  killables = await Killables.make()
})
afterAll(() => killables.remove())

describe.each(["api", "distribution"] as const)("in company, on %s", (kind) => {
  let world: SurvivalWorld
  beforeAll(async () => {
    world = await SurvivalWorld.start(kind)
  })
  afterAll(() => world.stop())

  describe.each(verbs)("two runs of %s at once", (verb) => {
    let calm: Held
    beforeAll(async () => {
      await world.run(verb, `calm/${verb}`)
      calm = await world.held(`calm/${verb}`)
    })

    it.each([1, 2])("do each other no harm (%d)", async (round) => {
      const repository = `both/${verb}${round}`
      const job = world.job(verb, repository)
      const both = await Promise.all(["a", "b"].map((name) => killables.run(`${name}-${verb}-${kind}-${round}`, job)))
      // Each did its work, and what each says that it attached is there.
      expect(both.map(({ stderr }) => stderr)).toEqual(["", ""])
      const held = await world.held(repository)
      expect(held).toMatchObject({ tag: image.digest, missing: [] })
      const listed = (await world.listed(repository)).map(({ digest }) => digest)
      const told = both.flatMap(({ stdout }) => attachedBy(JSON.parse(stdout) as MirrorResult | PromotionResult))
      // Where clients keep the list, an entry of one run may be written over by the other after its last look: then the other
      // run's, which says the same, is there.
      if (kind === "api") expect(listed).toEqual(expect.arrayContaining(told))
      expect([...new Set(held.attached)]).toEqual([...new Set(calm.attached)])
    })
  })

  // What a registry's garbage collection, or somebody, takes away in the middle.
  it.each(verbs)("a platform that is collected after %s copied it is missed before the tag", async (verb) => {
    const repository = `collected/${verb}`
    const platform = image.platforms[0]?.manifest.descriptor.digest ?? ""
    const collect = () =>
      newRegistry().remove(parseReference(`${world.registry.address}/${repository}@${platform}`) as never)
    const registry = interrupt(newRegistry(), "copy", "after", collect)
    await expect(runWith(world, verb, repository, registry)).rejects.toThrow(
      /^\[(PARITY_FAILED|EVIDENCE_FAILED|REGISTRY_NOT_FOUND)\]/,
    )
    expect(await tagDigest(world.registry, `${repository}:1`)).toBeUndefined()
    await world.run(verb, repository)
    expect(await world.held(repository)).toMatchObject({ tag: image.digest, missing: [] })
  })
})

function attachedBy(result: MirrorResult | PromotionResult): readonly string[] {
  return "provenance" in result ? result.provenance : result.evidence.map(({ digest }) => digest)
}

function runWith(world: SurvivalWorld, verb: (typeof verbs)[number], repository: string, registry: Registry) {
  const job = world.job(verb, repository)
  const operation = anOperation({ registry })
  if ("mirror" in job) return mirror(operation, job.mirror)
  return promote(operation, job.gated, { source: job.gated.image, target: parseReference(job.target), dryRun: false })
}

describe("one registry of several", () => {
  let world: SurvivalWorld
  beforeAll(async () => {
    world = await SurvivalWorld.start("api")
  })
  afterAll(() => world.stop())

  const asked = (source: string, repository: string) => {
    const job = world.job("mirror", repository)
    if (!("mirror" in job)) throw new Error("a mirror")
    return { ...job.mirror, source: parseReference(source) }
  }

  it("that is dead takes down its own images alone", async () => {
    const registry = new CopyingRegistry(new HostToolRunner(), clientAccess(), {
      delays: [1],
      maxDelay: 9,
      sleep: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
    })
    const operation = anOperation({ registry })
    const [dead, alive] = await Promise.allSettled([
      mirror(operation, asked("127.0.0.1:1/quarantine/app:1", "dead/app")),
      mirror(operation, asked(`${world.proxy.address}/quarantine/app:1`, "alive/app")),
    ])
    expect(dead).toMatchObject({ reason: { code: "REGISTRY_UNREACHABLE" } })
    expect(alive).toMatchObject({ value: { copied: true, digest: image.digest } })
  })

  it("is asked no more at once than was said, by oras too", async () => {
    const slow = await FaultProxy.before(world.registry, { latency: 15 })
    try {
      const limits = [{ name: slow.address, concurrency: 2 }]
      const registry = new CopyingRegistry(new HostToolRunner(), clientAccess(), noRetry, { limits })
      const request = {
        ...asked(`${slow.address}/quarantine/app:1`, "limited/app"),
        target: parseReference(`${slow.address}/limited/app:1`),
      }
      await mirror(anOperation({ registry }), request)
      // A copy holds one place, and its source and target are one registry here: a read and a write at a time.
      expect([slow.count > 50, slow.most]).toEqual([true, 2])
      const all = new CopyingRegistry(new HostToolRunner(), clientAccess(), noRetry)
      slow.behave()
      await mirror(anOperation({ registry: all }), { ...request, target: parseReference(`${slow.address}/free/app:1`) })
      expect(slow.most).toBeGreaterThan(2)
    } finally {
      await slow.stop()
    }
  })

  it("tells what a copy moved, as far as oras tells it", async () => {
    const registry = new CopyingRegistry(new HostToolRunner(), clientAccess(), noRetry)
    await mirror(anOperation({ registry }), asked(`${world.proxy.address}/quarantine/app:1`, "metered/app"))
    const copy = registry.exchanges.find(({ method }) => method === "COPY")
    const parts = (copy?.copied?.moved ?? 0) + (copy?.copied?.mounted ?? 0)
    expect(parts).toBeGreaterThan(8)
    expect(copy?.copied?.mounted).toBeGreaterThan(0)
  })
})

it("a disk that is full is named, and nobody is asked about it", async () => {
  const world = await SurvivalWorld.start("api")
  try {
    const { registry, repository } = refer(world.registry, "quarantine/app:1")
    const layer = image.platforms[0]?.manifest.blobs[0]?.descriptor.digest ?? ""
    const name = `${registry}/${repository}@${layer}`
    const command = ["oras", "blob", "fetch", "--no-tty", "--output", "/dev/full", name]
    const access = [{ side: "" as const, repository: { registry, repository } }]
    const result = await new HostToolRunner().run({ command, access, maxOutputBytes: 1 << 20 })
    const ask = () => Promise.reject(new Error("asked"))
    const failure = await toolFailure({ tool: "oras", action: "copy it", result, ask })
    expect(failure.message).toMatch(/^\[DISK_FULL\] copy it failed: there is no space left where the tools run/)
  } finally {
    await world.stop()
  }
})
