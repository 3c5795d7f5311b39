// The daily job over a whole quarantine: every tag ends in its own outcome, and only what was promoted is deleted.
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { promoteQuarantine } from "../../core/promote/promote-quarantine.js"
import type { QuarantineRequest } from "../../core/promote/quarantine-run.js"
import { manifestOf, testMediaTypes } from "../support/build-manifest.js"
import { HostScanner } from "../support/host-scanner.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { anOperation, newRegistry, refer, tagDigest, writesOf } from "../support/promotion.js"
import { pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

describe.each(["api", "distribution"] as const)("promote-quarantine on %s", (kind) => {
  let at: TestRegistry
  const lines: string[] = []
  beforeEach(async () => {
    at = await startRegistry(kind)
    lines.length = 0
    const layout = await imagesLayout()
    for (const tag of ["clean", "vulnerable", "no-sbom", "dsse"])
      await pushLayout(layout, tag, { registry: at, repository: "quarantine/app" })
    const broken = manifestOf(testMediaTypes.index, {
      schemaVersion: 2,
      mediaType: testMediaTypes.index,
      manifests: [],
    })
    await pushManifest(at.url, "quarantine/app", broken, "broken")
    await pushManifest(at.url, "quarantine/app", broken, "mirror-history")
  })
  afterEach(() => at.stop())

  const run = async (options: Partial<QuarantineRequest> = {}, source = "quarantine/app") => {
    const request = {
      source: refer(at, source),
      target: refer(at, "golden/app"),
      tags: {},
      method: "sbom" as const,
      predicateType: predicateTypes.cyclonedx,
      deleteSource: false,
      dryRun: false,
      ...options,
    }
    const ports = {
      registry: newRegistry(),
      scanner: new HostScanner(),
      progress: (line: string) => void lines.push(line),
    }
    return promoteQuarantine(anOperation(ports), { ...request, deletionWay: { kind: "oci" } })
  }
  const outcomes = ({ tags }: Awaited<ReturnType<typeof run>>) =>
    Object.fromEntries(tags.map((one) => [one.tag, "error" in one ? "failed" : one.promotion.outcome]))
  const tagsOf = (repository: string) => newRegistry().tags(refer(at, repository))

  it("gives each tag its outcome, deletes the promoted ones alone, and is done in a second run", async () => {
    const first = await run({ deleteSource: true })
    expect(outcomes(first)).toEqual({
      broken: "failed",
      clean: "promote",
      dsse: "promote",
      "no-sbom": "blocked-missing-sbom",
      vulnerable: "blocked",
    })
    expect(first.tags.find(({ tag }) => tag === "broken")).toMatchObject({
      error: expect.stringContaining("[MANIFEST_UNSUPPORTED]"),
    })
    const deletions = first.tags.flatMap((one) =>
      "promotion" in one && one.promotion.deletion ? [[one.tag, one.promotion.deletion.status]] : [],
    )
    expect(deletions).toEqual([
      ["clean", "deleted"],
      ["dsse", "deleted"],
    ])
    const left = (await tagsOf("quarantine/app")) ?? []
    expect(left.filter((tag) => !tag.startsWith("sha256-")).sort()).toEqual([
      "broken",
      "mirror-history",
      "no-sbom",
      "vulnerable",
    ])
    expect(((await tagsOf("golden/app")) ?? []).filter((tag) => !tag.startsWith("sha256-")).sort()).toEqual([
      "clean",
      "dsse",
    ])
    expect(lines.some((line) => line.startsWith("broken: failed"))).toBe(true)
    // What stays keeps its evidence: it is judged the same again.
    expect(outcomes(await run({ deleteSource: true }))).toEqual({
      broken: "failed",
      "no-sbom": "blocked-missing-sbom",
      vulnerable: "blocked",
    })
  })

  it("writes nothing in a dry run, and says what would be promoted", async () => {
    await at.resetRequests()
    expect(outcomes(await run({ dryRun: true, deleteSource: true }))).toMatchObject({
      clean: "dryrun",
      dsse: "dryrun",
      vulnerable: "blocked",
    })
    expect(await writesOf(at)).toEqual([])
  })

  it("promotes the others when the target refuses one of them", async () => {
    await at.fault({ kind: "immutable-tags", tags: "clean" })
    await at.fault({ status: 403, match: { method: "PUT", pathRegex: "/v2/golden/app/manifests/clean$" } })
    expect(outcomes(await run({ tags: { glob: ["clean", "dsse"] } }))).toEqual({ clean: "failed", dsse: "promote" })
    expect(await tagDigest(at, "golden/app:clean")).toBeUndefined()
  })

  it("writes nothing in a second run when the source is kept", async () => {
    await run({ tags: { glob: ["clean", "dsse"] } })
    await at.resetRequests()
    expect(outcomes(await run({ tags: { glob: ["clean", "dsse"] } }))).toEqual({
      clean: "unchanged",
      dsse: "unchanged",
    })
    expect(await writesOf(at)).toEqual([])
  })

  it("tells an unknown repository from one without tags that were asked for", async () => {
    expect(await run({}, "quarantine/nothing")).toEqual({
      tags: [],
      emptyReason: expect.stringContaining("knows no repository"),
      missing: true,
    })
    expect(await run({ tags: { glob: ["x*"] } })).toEqual({
      tags: [],
      emptyReason: expect.stringMatching(/^none of the \d+ tags/),
    })
  })
})
