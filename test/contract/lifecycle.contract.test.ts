// The end of an image's life: written once, and read from whatever else is attached, also from what lies about it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { readImage } from "../../core/image/image-graph.js"
import { MAX_LIFECYCLE_ARTIFACTS, readLifecycle } from "../../core/lifecycle/lifecycle.js"
import { writeLifecycle } from "../../core/lifecycle/lifecycle-write.js"
import { parseDigest } from "../../core/oci/digest.js"
import type { PinnedReference } from "../../core/oci/reference.js"
import { anImage, type TestImage } from "../support/build-image.js"
import type { TestDescriptor } from "../support/build-manifest.js"
import { aReferrer, type ReferrerOptions } from "../support/build-referrer.js"
import { platformOf } from "../support/odd-images.js"
import { newRegistry, refer, writesOf } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const type = "application/vnd.microsoft.artifact.lifecycle"
const key = "vnd.microsoft.artifact.lifecycle.end-of-life.date"

describe.each(["api", "distribution"] as const)("lifecycle on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  let repository: string
  let image: TestImage
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  beforeEach(async () => {
    repository = `app${++number}`
    image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [repository], sbom: "cyclonedx" })
    await pushImage(at.url, repository, "1", image)
  })
  const pinned = (): PinnedReference => ({ ...refer(at, repository), digest: parseDigest(image.digest) })
  const read = async () => readLifecycle(newRegistry(), await readImage(newRegistry(), pinned()))
  const attach = (
    date: string | undefined,
    more: ReferrerOptions = {},
    subject: TestDescriptor = image.root.descriptor,
  ) =>
    attachReferrer(
      at.url,
      repository,
      aReferrer(subject, {
        artifactType: type,
        ...(date === undefined ? {} : { annotations: { [key]: date } }),
        ...more,
      }),
    )

  it("is nothing on an image that nobody gave an end, and on one whose platform alone has one", async () => {
    expect(await read()).toBeUndefined()
    await attach("2026-01-01", {}, platformOf(image))
    expect(await read()).toBeUndefined()
  })

  it("is the earliest of several dates, whichever was attached last and however it is written", async () => {
    await attach("2027-01-01")
    const referrer = await attach("2026-03-01T00:30:00+02:00")
    await attach("2026-03-01")
    expect(await read()).toEqual({
      endOfLife: "2026-03-01T00:30:00+02:00",
      referrer,
      signature: { status: "unsigned" },
    })
  })

  it("is read from artifacts of other clients, and from manifests that a registry lists without a type", async () => {
    await attach("2026-05-05", { layers: [{ mediaType: "application/octet-stream", content: "{}" }] })
    await at.fault({ kind: "wrong-artifact-types", artifactType: "" })
    const found = await read()
    await at.clearFaults()
    expect(found?.endOfLife).toBe("2026-05-05")
  })

  it.each([undefined, "soon", "2026-02-30", "2026"])(
    "with the date %s comes first: nobody knows when it ends",
    async (date) => {
      await attach("2020-01-01")
      await attach(date)
      expect((await read())?.endOfLife).toBe(date ?? "")
    },
  )

  it("is not what another artifact says in the same annotation", async () => {
    await attach("2020-01-01", { artifactType: "application/vnd.example" })
    expect(await read()).toBeUndefined()
  })

  it("is refused when it is told more often than anybody would", async () => {
    const registry = newRegistry()
    const digest = parseDigest(image.digest)
    const tree = {
      subject: digest,
      referrers: Array.from({ length: MAX_LIFECYCLE_ARTIFACTS + 1 }, (_, number) => ({
        subject: digest,
        digest: parseDigest(`sha256:${String(number).padStart(64, "0")}`),
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        size: 2,
        artifactType: type,
        annotations: {},
        referrers: [],
      })),
    }
    const listing = { manifest: registry.manifest.bind(registry), referrers: () => Promise.resolve(tree) }
    await expect(readLifecycle(listing, await readImage(registry, pinned()))).rejects.toThrow(
      /\[LIMIT_EXCEEDED\].*at most 100/,
    )
  })

  it("is written to the index and its platforms, and not a second time", async () => {
    const end = { endOfLife: "2026-12-31", reason: "replaced by 2", successor: `${at.address}/${repository}:2` }
    const first = await writeLifecycle({ registry: newRegistry() }, { image: pinned(), end, platforms: true })
    const subjects = [image.digest, ...image.platforms.map(({ manifest }) => manifest.descriptor.digest)]
    expect(first.attached.map(({ subject, existing }) => ({ subject, existing }))).toEqual(
      subjects.map((subject) => ({ subject, existing: false })),
    )
    expect(await read()).toMatchObject({ ...end, referrer: first.attached[0]?.digest })
    await at.resetRequests()
    const again = await writeLifecycle({ registry: newRegistry() }, { image: pinned(), end, platforms: true })
    expect(again.attached).toEqual(first.attached.map((one) => ({ ...one, existing: true })))
    expect(await writesOf(at)).toEqual([])
    const sooner = await writeLifecycle(
      { registry: newRegistry() },
      { image: pinned(), end: { ...end, endOfLife: "2026-06-30" }, platforms: false },
    )
    expect(sooner.attached).toEqual([expect.objectContaining({ subject: image.digest, existing: false })])
    expect((await read())?.endOfLife).toBe("2026-06-30")
  })

  it("is written the way that other clients read it", async () => {
    const { attached } = await writeLifecycle(
      { registry: newRegistry() },
      { image: pinned(), end: { endOfLife: "2026-12-31" }, platforms: false },
    )
    const manifest = await newRegistry().manifest({ ...pinned(), digest: attached[0]?.digest ?? parseDigest("") })
    expect(JSON.parse(manifest ?? "")).toMatchObject({
      artifactType: type,
      subject: { digest: image.digest },
      annotations: { [key]: "2026-12-31", "org.opencontainers.image.created": expect.stringMatching(/^20/) },
    })
  })

  it.each([
    [{ endOfLife: "31.12.2026" }, "is not a date"],
    [{ endOfLife: "2026-12-31", reason: " " }, "the reason is empty"],
    [{ endOfLife: "2026-12-31", reason: "a\nb" }, "must be one line"],
    [{ endOfLife: "2026-12-31", reason: "a".repeat(1001) }, "longer than 1000"],
  ])("is not written as %j", async (end, message) => {
    await at.resetRequests()
    await expect(
      writeLifecycle({ registry: newRegistry() }, { image: pinned(), end, platforms: true }),
    ).rejects.toThrow(message)
    expect(await writesOf(at)).toEqual([])
  })
})
