// One image under several tags: judged once, described once, and every tag moves. Each tag for itself would take the
// others' evidence for a stranger's.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { createSigner } from "../../core/attestation/signer.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { promoteQuarantine } from "../../core/promote/promote-quarantine.js"
import type { QuarantineRequest } from "../../core/promote/quarantine-run.js"
import { aKey } from "../core/attestation/build-signed.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { HostScanner } from "../support/host-scanner.js"
import { anOperation, context, newRegistry, type OperationOptions, refer, tagDigest } from "../support/promotion.js"
import { pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { aRepository, mirrorWorld } from "./mirror-world.js"

const signing = { ...context, signer: createSigner(aKey().pem) }
const tags = ["1", "1.2", "latest"]

describe.each(["api", "distribution"] as const)("tags of one digest on %s", (kind) => {
  let at: TestRegistry
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())

  async function push(name: string, packages = ["pkg:npm/minimist@1.2.8"]): Promise<TestImage> {
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [name], sbom: "cyclonedx", packages })
    await pushImage(at.url, `quarantine/${name}`, "1", image)
    for (const tag of tags.slice(1)) await pushManifest(at.url, `quarantine/${name}`, image.root, tag)
    return image
  }
  const run = (name: string, more: Partial<QuarantineRequest> = {}, options: OperationOptions = {}) =>
    promoteQuarantine(anOperation({ context: signing, ...options }), {
      source: refer(at, `quarantine/${name}`),
      target: refer(at, `golden/${name}`),
      tags: {},
      method: "sbom",
      predicateType: predicateTypes.cyclonedx,
      deleteSource: false,
      dryRun: false,
      deletionWay: { kind: "oci" },
      ...more,
    })
  const outcomes = ({ tags: runs }: Awaited<ReturnType<typeof run>>) =>
    Object.fromEntries(runs.map((one) => [one.tag, "error" in one ? one.error : one.promotion.outcome]))
  const all = (outcome: string) => Object.fromEntries(tags.map((tag) => [tag, outcome]))

  it("are scanned, judged and promoted once, all of them move, and a second run writes nothing", async () => {
    const image = await push("aliases")
    const scanner = new HostScanner()
    const first = await run("aliases", {}, { scanner })
    expect(outcomes(first)).toEqual(all("promote"))
    expect(scanner.scans).toHaveLength(2)
    expect(await Promise.all(tags.map((tag) => tagDigest(at, `golden/aliases:${tag}`)))).toEqual(
      tags.map(() => image.digest),
    )
    const evidence = first.tags.map((one) =>
      "promotion" in one ? one.promotion.evidence.map(({ digest }) => digest) : [],
    )
    expect(new Set(evidence.map((one) => one.join())).size).toBe(1)
    expect(outcomes(await run("aliases"))).toEqual(all("unchanged"))
  })

  it("each end by themselves when the target refuses one of them", async () => {
    await push("refused")
    await at.fault({ status: 403, match: { method: "PUT", pathRegex: "/v2/golden/refused/manifests/1.2$" } })
    const result = outcomes(await run("refused"))
    await at.clearFaults()
    expect(result).toMatchObject({ "1": "promote", latest: "promote" })
    expect(result["1.2"]).toMatch(/^\[/)
    expect(await tagDigest(at, "golden/refused:1.2")).toBeUndefined()
    expect(outcomes(await run("refused"))).toEqual({ "1": "unchanged", "1.2": "promote", latest: "unchanged" })
  })

  it("leave quarantine together, and stay when one of them was not promoted", async () => {
    await push("moved")
    const kept = await run("moved", { deleteSource: true, tags: { glob: ["1*"] } })
    const statuses = kept.tags.map((one) => ("promotion" in one ? one.promotion.deletion?.status : undefined))
    expect(statuses).toEqual(["skipped", "skipped"])
    expect(outcomes(await run("moved", { deleteSource: true }))).toMatchObject({ latest: "promote" })
    const left = (await newRegistry().tags(refer(at, "quarantine/moved"))) ?? []
    expect(left.filter((tag) => !tag.startsWith("sha256-"))).toEqual([])
  })

  it("are compared each with what it replaces, one after the other", async () => {
    const [older, newer] = [
      await push("compared"),
      anImage({ layers: ["older"], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] }),
    ]
    await pushImage(at.url, "golden/compared", "latest", newer)
    const policy = parsePolicy(
      "version: 1\nregression: { new-findings: block, new-packages: report, platform-dropped: report }\n",
    )
    expect(outcomes(await run("compared", {}, { policy }))).toEqual(all("promote"))
    expect(await tagDigest(at, "golden/compared:latest")).toBe(older.digest)
  })
})

describe.each(["api", "distribution"] as const)("a mirror of tags of one digest to %s", (kind) => {
  const world = mirrorWorld("api", kind)

  it("brings all of them, side by side, with every attachment and where it came from", async () => {
    const repository = aRepository()
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [repository], sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    for (const tag of tags.slice(1)) await pushManifest(world.source.url, repository, image.root, tag)
    const results = await Promise.all(
      tags.map((tag) => world.mirror(repository, { tag, provenance: true, history: true })),
    )
    expect(results.map(({ digest, referrers }) => [digest, referrers.missing])).toEqual(
      tags.map(() => [image.digest, []]),
    )
    expect(await Promise.all(tags.map((tag) => world.at(repository, tag)))).toEqual(tags.map(() => image.digest))
    const again = await world.mirror(repository, { tag: "latest", history: true })
    expect(again.referrers.extra).toHaveLength(results.flatMap(({ provenance }) => provenance).length)
  })
})
