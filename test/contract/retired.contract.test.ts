// A retired image stays away, whoever brings it; and it is deleted only by an archive that its keeper still has.
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { mirror } from "../../core/acquire/mirror.js"
import { renderMirror } from "../../core/acquire/render-mirror.js"
import { digestOf } from "../../core/oci/digest.js"
import { parseReference } from "../../core/oci/reference.js"
import { retiredTag } from "../../core/oci/reserved-tags.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import { promoteQuarantine } from "../../core/promote/promote-quarantine.js"
import type { Archiver } from "../../core/retire/archive.js"
import { retire, type RetireRequest } from "../../core/retire/retire.js"
import { aStatement } from "../support/build-referrer.js"
import { HostArchiver, layoutAt } from "../support/host-archiver.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { anOperation, gateImage, newRegistry, promoteImage, refer, tagDigest, writesOf } from "../support/promotion.js"
import { attachReferrer } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

describe.each(["api", "distribution"] as const)("a retired image on %s", (kind) => {
  let at: TestRegistry
  beforeAll(async () => {
    at = await startRegistry(kind)
    await pushLayout(await imagesLayout(), "clean", { registry: at, repository: "quarantine/app" })
    await promoteImage(await gateImage(refer(at, "quarantine/app:clean")), refer(at, "golden/app:1"))
  })
  afterAll(() => at.stop())

  const retired = (repository: string, more: Partial<RetireRequest> = {}, archiver: Archiver<string> = newArchiver()) =>
    retire(
      { ...anOperation({ now: () => new Date("2026-06-15T12:00:00Z") }), archiver },
      {
        image: refer(at, repository),
        reason: "end of support",
        delete: false,
        dryRun: false,
        deletionWay: { kind: "oci" },
        ...more,
      },
    )
  const newArchiver = () => new HostArchiver()
  const kept = (folder: string): Archiver<string> => ({ archive: () => Promise.resolve(layoutAt(folder)) })
  const copyTo = async (name: string) => {
    await pushLayout(await imagesLayout(), "clean", { registry: at, repository: name })
    return parseReference(`${at.address}/${name}:clean`)
  }
  const mirrorOptions = { referrers: true, history: true, provenance: true, platforms: [], newDigest: false }

  it("is not promoted again, while its tag still stands for it", async () => {
    const gated = await gateImage(refer(at, "quarantine/app:clean"))
    await retired("golden/app:1")
    await at.resetRequests()
    await expect(promoteImage(gated, refer(at, "golden/app:1"))).rejects.toThrow(
      /\[IMAGE_RETIRED\].*golden\/app@sha256:.*retired on 2026-06-15 \(end of support\)/,
    )
    await expect(promoteImage(gated, refer(at, "golden/app:2"), { dryRun: true })).rejects.toThrow(/\[IMAGE_RETIRED\]/)
    const request = {
      source: refer(at, "quarantine/app"),
      target: refer(at, "golden/app"),
      tags: {},
      method: "sbom" as const,
      predicateType: "https://cyclonedx.org/bom",
      deleteSource: true,
      dryRun: false,
    }
    const run = await promoteQuarantine(anOperation(), { ...request, deletionWay: { kind: "oci" } })
    expect(run.tags).toEqual([{ tag: "clean", error: expect.stringContaining("[IMAGE_RETIRED]") }])
    expect(await writesOf(at)).toEqual([])
    expect((await promoteImage(gated, refer(at, "silver/app:1"))).outcome).toBe("promote")
  })

  it.each([false, true])("is not mirrored again; forced: %s", async (force) => {
    const name = `mirrored${force ? "-by-force" : ""}/app`
    const [source, target] = [await copyTo(`upstream/${name}`), refer(at, `quarantine/${name}:clean`)]
    const request = { ...mirrorOptions, source, target, force, dryRun: false, sourceAuthenticated: false }
    const { digest } = await mirror(anOperation(), request)
    const { archive = "" } = await retired(`quarantine/${name}:clean`)
    await retired(`quarantine/${name}:clean`, { delete: true }, kept(archive))
    await at.resetRequests()
    const again = await mirror(anOperation(), { ...request, history: false })
    expect(again).toMatchObject({ copied: false, digest, retired: "retired on 2026-06-15 (end of support)" })
    expect(toMarkdown(renderMirror(again), { now: new Date() })).toContain("not acquired: it was retired here")
    expect(await writesOf(at)).toEqual([])
    expect(await tagDigest(at, `quarantine/${name}:clean`)).toBeUndefined()
    expect(await tagDigest(at, `quarantine/${name}:${retiredTag(digest)}`)).toBeDefined()
  })

  it("is deleted by the archive of an earlier call, once that is whole and holds what came since", async () => {
    await copyTo("two-steps/app")
    const { archive: first = "" } = await retired("two-steps/app:clean")
    const bytes = (await newRegistry().manifest(refer(at, "two-steps/app:clean"))) ?? ""
    const mediaType = "application/vnd.oci.image.index.v1+json"
    const late = aStatement(
      { mediaType, digest: digestOf(bytes), size: bytes.length },
      { predicateType: "https://example.com/late", predicate: {} },
    )
    await attachReferrer(at.url, "two-steps/app", late)
    const byArchive = (folder: string) => retired("two-steps/app:clean", { delete: true }, kept(folder))
    await expect(byArchive(first)).rejects.toThrow(/\[PARITY_FAILED\].*missing or damaged; nothing was deleted/)
    const { archive: second = "" } = await retired("two-steps/app:clean")
    await rm(join(second, "index.json"))
    await expect(byArchive(second)).rejects.toThrow(/no index\.json/)
    expect(await tagDigest(at, "two-steps/app:clean")).toBe(digestOf(bytes))
    const { archive: third = "" } = await retired("two-steps/app:clean")
    expect((await byArchive(third)).result).toMatchObject({
      tombstone: { state: "existing" },
      deletion: { status: "deleted" },
    })
    expect(await tagDigest(at, "two-steps/app:clean")).toBeUndefined()
  })
})
