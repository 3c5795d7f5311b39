// Retention of a real quarantine: what mirrors brought in long ago goes, and nothing that anything else still needs.
import { describe, expect, it } from "vitest"
import { readHistory } from "../../core/acquire/history.js"
import { createSigner } from "../../core/attestation/signer.js"
import { trustStore } from "../../core/attestation/trust-store.js"
import type { DeletionWay } from "../../core/delete/delete-image.js"
import { eventsOf } from "../../core/events/events-of.js"
import { digestSchema } from "../../core/oci/document-parts.js"
import { parseReference } from "../../core/oci/reference.js"
import { readOutcomes } from "../../core/outcomes/read-outcomes.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import type { Registry } from "../../core/ports.js"
import { renderRetention } from "../../core/retention/render-retention.js"
import { type Retention, retention, type RetentionRequest } from "../../core/retention/retention.js"
import { aKey } from "../core/attestation/build-signed.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { aReferrer } from "../support/build-referrer.js"
import { interrupt, refer, writesOf } from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { unseen } from "../support/unseen.js"
import { aContext, aRepository, kinds, mirrorWorld } from "./mirror-world.js"

const day = 24 * 60 * 60 * 1000
const today = new Date("2026-11-26T00:00:00Z")
const daysAgo = (days: number) => new Date(today.getTime() - days * day)
const key = aKey()
const signer = createSigner(key.pem)
const trust = trustStore({ keys: [{ ...key.publicKey, publisher: "" }] })

describe.each(kinds)("retention on %s", (kind) => {
  const world = mirrorWorld("api", kind)

  /** Mirrored that many days ago, with history and signed provenance. */
  async function acquired(
    repository: string,
    tag: string,
    days: number,
    image = anImage({ layers: [`${repository} ${tag}`], sbom: "cyclonedx" }),
  ): Promise<TestImage> {
    await pushImage(world.source.url, repository, tag, image)
    const context = { ...aContext, signer, now: () => daysAgo(days) }
    await world.mirror(repository, { tag, context, history: true, provenance: true })
    return image
  }
  type Ask = Partial<RetentionRequest> & { readonly registry?: Registry }
  const ask = (repository: string, { registry = world.client(), ...more }: Ask = {}): Promise<Retention> =>
    retention(
      { registry, trust, now: () => today, step: unseen },
      {
        ...{ repository: refer(world.target, `quarantine/${repository}`), olderThan: 30 * day, keepNewest: 0 },
        ...{ apply: false, deletionWay: { kind: "oci" } as DeletionWay, ...more },
      },
    )
  const told = ({ images }: Retention) =>
    Object.fromEntries(images.map(({ tags, decision, done }) => [tags.join(), done?.status ?? decision]))
  const whyOf = ({ images }: Retention, tag: string) => images.find(({ tags }) => tags.includes(tag))
  const tagsOf = async (repository: string) =>
    ((await world.client().tags(refer(world.target, `quarantine/${repository}`))) ?? []).filter(
      (tag) => !tag.startsWith("sha256-"),
    )

  it("plans first, and then deletes what the plan says, evidence and platforms too; the history stays", async () => {
    const repository = aRepository()
    const old = await acquired(repository, "1", 40)
    const young = await acquired(repository, "2", 10)
    await world.target.resetRequests()
    const plan = await ask(repository)
    expect(told(plan)).toEqual({ "1": "delete", "2": "keep" })
    expect(whyOf(plan, "1")).toMatchObject({
      dated: "provenance",
      since: daysAgo(40).toISOString().replace(".000", ""),
    })
    expect(plan).toMatchObject({ applied: false, failures: [], rule: { olderThan: "30d", keepNewest: 0 } })
    expect(await writesOf(world.target)).toEqual([])
    const page = toMarkdown(renderRetention(plan), { now: today })
    expect(page).toContain("would be deleted")
    const done = await ask(repository, { apply: true })
    expect(told(done)).toEqual({ "1": "deleted", "2": "keep" })
    const gone = [old.root, ...old.platforms.map(({ manifest }) => manifest), ...old.referrers]
    for (const { descriptor } of gone) expect(await world.at(repository, descriptor.digest)).toBeUndefined()
    expect(await world.at(repository, "2")).toBe(young.digest)
    expect((await tagsOf(repository)).sort()).toEqual(["2", "mirror-history"])
    const { entries } = await readHistory(world.client(), refer(world.target, `quarantine/${repository}`))
    expect(entries).toHaveLength(2)
    // What the history keeps it for: nothing comes back.
    expect(await world.mirror(repository, { tag: "1", history: true })).toMatchObject({
      copied: false,
      history: "known",
    })
    expect(told(await ask(repository, { apply: true }))).toEqual({ "2": "keep" })
    const events = eventsOf(readOutcomes(JSON.stringify(done), "result.json"))
    expect(events.map(({ type }) => type)).toContain("dev.cssc.image.deleted.v1")
    expect(eventsOf(readOutcomes(JSON.stringify(plan), "result.json"))).toEqual([])
  })

  it("takes a digest with all tags that the history knows, and leaves it when it has one more", async () => {
    const repository = aRepository()
    const both = await acquired(repository, "1", 40)
    await acquired(repository, "1.0", 35, both)
    const mine = await acquired(repository, "2", 40)
    await pushManifest(world.target.url, `quarantine/${repository}`, mine.root, "mine")
    const done = await ask(repository, { apply: true })
    expect(told(done)).toEqual({ "1,1.0": "deleted", "2,mine": "keep" })
    expect(whyOf(done, "mine")?.why).toMatch(/does not record it as mine/)
    expect(await world.at(repository, "mine")).toBe(mine.digest)
  })

  it("takes an index and leaves its platform, which somebody mirrored by itself since", async () => {
    const repository = aRepository()
    const index = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [repository], sbom: "cyclonedx" })
    await acquired(repository, "1", 40, index)
    const amd64 = index.platforms[0]?.manifest
    if (amd64 === undefined) throw new Error("no platform")
    const alone = {
      digest: amd64.descriptor.digest,
      root: amd64,
      platforms: index.platforms.slice(0, 1),
      referrers: [],
    }
    await acquired(repository, "1-amd64", 5, alone)
    const done = await ask(repository, { apply: true })
    expect(told(done)).toEqual({ "1": "deleted", "1-amd64": "keep" })
    expect(await world.at(repository, "1-amd64")).toBe(alone.digest)
    // With what is attached to it.
    const sbom = index.referrers[0]?.descriptor.digest ?? ""
    expect(await world.at(repository, sbom)).toBe(sbom)
    expect(await world.at(repository, index.platforms[1]?.manifest.descriptor.digest ?? "")).toBeUndefined()
  })

  it("keeps what is tagged and attached to an image that stays", async () => {
    const repository = aRepository()
    const image = await acquired(repository, "1", 5)
    const note = aReferrer(image.root.descriptor, { layers: [{ mediaType: "text/plain", content: "note" }] } as never)
    await attachReferrer(world.target.url, `quarantine/${repository}`, note)
    await pushManifest(world.target.url, `quarantine/${repository}`, note, "note")
    const rows = await ask(repository, { apply: true })
    expect(told(rows)).toEqual({ "1": "keep", note: "keep" })
    expect(await world.at(repository, note.descriptor.digest)).toBe(note.descriptor.digest)
  })

  it("keeps what nobody dated, whatever it says of itself", async () => {
    const repository = aRepository()
    await acquired(repository, "1", 40)
    const built = anImage({ layers: ["undated"], created: "2001-01-01T00:00:00Z" })
    await pushImage(world.target.url, `quarantine/${repository}`, "undated", built)
    const done = await ask(repository, { apply: true })
    expect(told(done)).toEqual({ "1": "deleted", undated: "keep" })
    expect(whyOf(done, "undated")?.why).toMatch(/age is unknown/)
  })

  it("leaves a tag that moves between plan and deletion, and a digest that gets another tag", async () => {
    const repository = aRepository()
    const [first, second] = [await acquired(repository, "1", 40), await acquired(repository, "2", 40)]
    const moved = anImage({ layers: ["moved"] })
    const act = async () => {
      await pushImage(world.target.url, `quarantine/${repository}`, "1", moved)
      await pushManifest(world.target.url, `quarantine/${repository}`, second.root, "now")
    }
    // The history is looked at right before the first deletion, after all was planned.
    let looks = 0
    const client = world.client()
    const late = new Proxy(client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== "function") return value
        if (name !== "resolve") return value.bind(target) as unknown
        return async (reference: { readonly tag?: string }) => {
          if (reference.tag === "mirror-history" && ++looks === 2) await act()
          return value.call(target, reference) as unknown
        }
      },
    })
    const done = await ask(repository, { apply: true, registry: late })
    expect(looks).toBeGreaterThanOrEqual(2)
    expect(told(done)).toEqual({ "1": "skipped", "2": "skipped" })
    expect(whyOf(done, "1")?.done?.reason).toMatch(/tag 1 now points to/)
    expect(whyOf(done, "2")?.done?.reason).toMatch(/also has tag now/)
    expect(done.failures).toEqual([])
    expect(await world.at(repository, first.digest)).toBe(first.digest)
    expect(await world.at(repository, "1")).toBe(moved.digest)
  })

  it("plans all again when a mirror brings an image once more in the meantime", async () => {
    const repository = aRepository()
    const image = await acquired(repository, "1", 40)
    const again = () =>
      world.mirror(repository, {
        tag: "1",
        context: { ...aContext, now: () => today },
        force: true,
        history: true,
        provenance: true,
      })
    const registry = interrupt(world.client(), "tags", "after", again)
    const done = await ask(repository, { apply: true, registry })
    expect(told(done)).toEqual({ "1": "keep" })
    expect(await world.at(repository, "1")).toBe(image.digest)
  })

  it("deletes nothing that the plan which was looked at does not name", async () => {
    const repository = aRepository()
    const seen = await acquired(repository, "1", 40)
    await acquired(repository, "2", 40)
    const done = await ask(repository, { apply: true, reviewed: new Set([digestSchema.parse(seen.digest)]) })
    expect(told(done)).toEqual({ "1": "deleted", "2": "keep" })
  })

  it("says where nothing can be deleted, in the plan and when it is to be applied", async () => {
    const repository = aRepository()
    await acquired(repository, "1", 40)
    const deletionWay = {
      kind: "none",
      reason: "ghcr.io deletes only through GitHub's Packages API: pass a token",
    } as const
    const plan = await ask(repository, { deletionWay })
    expect([told(plan), plan.impossible, plan.failures]).toEqual([{ "1": "delete" }, deletionWay.reason, []])
    const tried = await ask(repository, { deletionWay, apply: true })
    expect(tried).toMatchObject({ applied: false, failures: [{ outcome: "failed" }] })
    expect(toMarkdown(renderRetention(tried), { now: today })).toContain("not possible here")
    await world.target.fault({ kind: "delete-unsupported" })
    const refused = await ask(repository, { apply: true })
    await world.target.clearFaults()
    expect(whyOf(refused, "1")?.done).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/does not allow deletion/),
    })
    expect(refused.failures).toHaveLength(1)
    expect(await world.at(repository, "1")).toBeDefined()
  })

  it("stops at the first deletion that fails", async () => {
    const repository = aRepository()
    for (const tag of ["1", "2", "3"]) await acquired(repository, tag, 40)
    await world.target.fault({ status: 503, match: { method: "DELETE" } })
    const { images, failures } = await ask(repository, { apply: true })
    await world.target.clearFaults()
    expect(failures).toHaveLength(3)
    expect(images.slice(1).map(({ done }) => done?.reason)).toEqual(
      Array(2).fill("not tried: an earlier deletion failed"),
    )
    expect((await tagsOf(repository)).sort()).toEqual(["1", "2", "3", "mirror-history"])
    expect(parseReference(failures[0]?.target ?? "").tag).toBe("1")
  })
})
