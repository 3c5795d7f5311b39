// Promotion over real parts: what the target holds afterwards, and what is never written.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { verdictPredicateType } from "../../core/evidence/verdict-statement.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { parseDigest } from "../../core/oci/digest.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import { defaultPolicy } from "../../core/policy/document/policy.js"
import { renderPromotion } from "../../core/promote/render-promotion.js"
import { attachedStatements } from "../support/attached-statements.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { gateImage, promoteImage, refer, tagDigest, writesOf } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const tags = ["clean", "vulnerable", "no-sbom", "dsse"] as const

describe.each(["api", "distribution"] as const)("promote on %s", (kind) => {
  let at: TestRegistry
  const gates: Record<string, GateResult> = {}
  beforeAll(async () => {
    at = await startRegistry(kind)
    const layout = await imagesLayout()
    for (const tag of tags) await pushLayout(layout, tag, { registry: at, repository: "quarantine/app" })
    for (const tag of tags) gates[tag] = await gateImage(refer(at, `quarantine/app:${tag}`))
  })
  afterAll(() => at.stop())
  const gated = (tag: (typeof tags)[number]): GateResult => gates[tag] as GateResult

  it("promotes the digest that was judged, with statements about each platform and the index", async () => {
    const { image, assessment, verdict } = gated("clean")
    const result = await promoteImage(gated("clean"), refer(at, "golden/app:1"))
    expect(result).toMatchObject({ outcome: "promote", digest: image.digest, copied: true, tagged: true })
    expect(await tagDigest(at, "golden/app:1")).toBe(image.digest)
    const found = await attachedStatements({ ...refer(at, "golden/app"), digest: image.digest })
    const ours = found.filter(({ predicateType }) => predicateType === predicateTypes.cosignVulnerabilities)
    const subjects = [...assessment.platforms.map(({ digest }) => digest), image.digest]
    expect(ours.map(({ subject }) => subject).sort()).toEqual([...subjects].sort())
    for (const { subject, about, annotations } of ours) {
      expect(about).toEqual([subject])
      expect(annotations).toMatchObject({
        "in-toto.io/predicate-type": predicateTypes.cosignVulnerabilities,
        "com.cssc.scan.source": `${at.address}/quarantine/app`,
        "com.cssc.scan.tag": "clean",
        "com.cssc.scan.threshold": "HIGH",
        "com.cssc.scan.method": "sbom",
        "com.cssc.scan.scanner": "trivy",
        "com.cssc.scan.sbom-predicate-type": predicateTypes.cyclonedx,
      })
    }
    const verdicts = found.filter(({ predicateType }) => predicateType === verdictPredicateType)
    expect(verdicts.map(({ subject, about, predicate }) => [subject, about, predicate])).toEqual([
      [image.digest, [image.digest], JSON.parse(JSON.stringify(verdict))],
    ])
    const summaries = found.filter(({ predicateType }) => predicateType === predicateTypes.verificationSummary)
    expect(summaries.map(({ subject }) => subject).sort()).toEqual([...subjects].sort())
    expect(summaries[0]?.predicate).toMatchObject({
      resourceUri: `${at.address}/golden/app`,
      verificationResult: "PASSED",
      verifiedLevels: ["CSSC_GATE_PASSED"],
      policy: { digest: { sha256: verdict.policy.digest.slice(7) } },
    })
    expect(result.carried.map(({ digest }) => digest).sort()).toEqual(
      found
        .filter((one) => ![ours, verdicts, summaries].some((list) => list.includes(one)))
        .map(({ digest }) => digest)
        .sort(),
    )
    expect(result.carried).toHaveLength(3)
    expect(toMarkdown(renderPromotion(result), { now: new Date() })).toContain(
      "7 attached, 0 there already, 3 carried over",
    )
  })

  it("moves no layer on one registry: every blob of the image is mounted", async () => {
    await at.resetRequests()
    await promoteImage(gated("dsse"), refer(at, "golden/mounted:1"))
    const requests = (await at.requests()).filter(({ path }) => path.includes("golden/mounted/blobs/uploads"))
    const mounts = requests.filter(({ method, query }) => method === "POST" && query.includes("mount="))
    expect(mounts.length).toBeGreaterThan(0)
    expect(mounts.every(({ status }) => status === 201)).toBe(true)
    // What is uploaded are our statements, one each.
    expect(requests.filter(({ method }) => method === "PUT")).toHaveLength(7)
  })

  it("finds everything there in a second run, and writes nothing", async () => {
    await promoteImage(gated("clean"), refer(at, "golden/twice:1"))
    await at.resetRequests()
    const again = await promoteImage(await gateImage(refer(at, "quarantine/app:clean")), refer(at, "golden/twice:1"))
    expect(again).toMatchObject({ outcome: "unchanged", copied: false, tagged: false })
    expect(again.evidence.map(({ existing }) => existing)).toEqual(Array(7).fill(true))
    expect(await writesOf(at)).toEqual([])
  })

  it("gives a promoted image a second tag with one write", async () => {
    await promoteImage(gated("clean"), refer(at, "golden/tags:1.0"))
    await at.resetRequests()
    expect(await promoteImage(gated("clean"), refer(at, "golden/tags:1"))).toMatchObject({
      outcome: "promote",
      copied: false,
      tagged: true,
    })
    expect((await writesOf(at)).map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PUT /v2/golden/tags/manifests/1",
    ])
  })

  it("repairs a target that has the index but not all of it", async () => {
    const { image, assessment } = gated("clean")
    await promoteImage(gated("clean"), refer(at, "golden/half:1"))
    const platform = parseDigest(assessment.platforms[1]?.digest ?? "")
    await fetch(`${at.url}/v2/golden/half/manifests/${platform}`, { method: "DELETE" })
    await fetch(`${at.url}/v2/golden/half/manifests/1`, { method: "DELETE" })
    expect(await promoteImage(gated("clean"), refer(at, "golden/half:1"))).toMatchObject({ outcome: "promote" })
    expect(await tagDigest(at, "golden/half:1")).toBe(image.digest)
    expect(await tagDigest(at, `golden/half@${platform}`)).toBe(platform)
    const found = await attachedStatements({ ...refer(at, "golden/half"), digest: image.digest })
    expect(found.filter(({ predicateType }) => predicateType === predicateTypes.cosignVulnerabilities)).toHaveLength(3)
  })

  it.each([
    ["vulnerable", "blocked"],
    ["no-sbom", "blocked-missing-sbom"],
  ] as const)("writes nothing for %s: it is %s", async (tag, outcome) => {
    await at.resetRequests()
    expect(await promoteImage(gated(tag), refer(at, "golden/blocked:1"))).toMatchObject({
      outcome,
      copied: false,
      tagged: false,
      evidence: [],
    })
    expect(await writesOf(at)).toEqual([])
  })

  it("writes nothing in a dry run", async () => {
    await at.resetRequests()
    expect(await promoteImage(gated("clean"), refer(at, "golden/dry:1"), { dryRun: true })).toMatchObject({
      outcome: "dryrun",
      tagged: false,
    })
    expect(await writesOf(at)).toEqual([])
  })

  it("refuses a verdict that is too old, of tomorrow, or about another image, and writes nothing", async () => {
    await at.resetRequests()
    const hour = 60 * 60 * 1000
    const old = new Date(Date.now() - 25 * hour)
    const stale = await gateImage(refer(at, "quarantine/app:clean"), {
      now: old,
      policy: { ...defaultPolicy(), database: { ...defaultPolicy().database, unknown: "report" } },
    })
    expect(stale.verdict.outcome).toBe("promote")
    await expect(promoteImage(stale, refer(at, "golden/old:1"))).rejects.toMatchObject({ code: "VERDICT_STALE" })
    const tomorrow = new Date(Date.now() - 24 * hour)
    await expect(promoteImage(gated("clean"), refer(at, "golden/old:1"), { now: tomorrow })).rejects.toMatchObject({
      code: "VERDICT_STALE",
    })
    const swapped = { ...gated("clean"), image: gated("vulnerable").image }
    await expect(promoteImage(swapped, refer(at, "golden/old:1"))).rejects.toMatchObject({ code: "VERDICT_UNTRUSTED" })
    expect(await writesOf(at)).toEqual([])
  })

  it("refuses one repository as source and target: what is planted there would be trusted", async () => {
    await at.resetRequests()
    await expect(promoteImage(gated("clean"), refer(at, "quarantine/app:golden"))).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    })
    expect(await writesOf(at)).toEqual([])
  })

  it("names a source that is gone", async () => {
    const { image } = gated("clean")
    const gone = { ...gated("clean"), image: { ...image, repository: "quarantine/gone" } }
    await expect(promoteImage(gone, refer(at, "golden/gone:1"))).rejects.toMatchObject({
      code: "REGISTRY_NOT_FOUND",
      message: expect.stringContaining("/quarantine/gone"),
    })
    expect(await tagDigest(at, "golden/gone:1")).toBeUndefined()
  })
})
