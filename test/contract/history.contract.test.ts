// The mirror history over real registries: what was acquired is known when the image itself is gone.
import { describe, expect, it } from "vitest"
import { readHistory } from "../../core/acquire/history.js"
import type { History } from "../../core/evidence/history-schema.js"
import { parseReference } from "../../core/oci/reference.js"
import { anImage } from "../support/build-image.js"
import { aReferrer } from "../support/build-referrer.js"
import { attachReferrer, pushImage, send } from "../support/push-image.js"
import { aContext, aRepository, kinds, loggedOurs, type MirrorChange, mirrorWorld, sum } from "./mirror-world.js"

const historyType = "application/vnd.toddysm.mirror-history.v1+json"

describe.each(kinds)("the mirror history on %s", (kind) => {
  const world = mirrorWorld("api", kind)
  const on = (second: number, change: MirrorChange = {}): MirrorChange => ({
    history: true,
    context: { ...aContext, now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, second)) },
    ...change,
  })

  function history(repository: string): Promise<History> {
    return readHistory(world.client(), parseReference(`${world.target.address}/quarantine/${repository}`))
  }

  async function remove(repository: string, digest: string): Promise<void> {
    const answer = await send(world.target.url, "DELETE", `/v2/quarantine/${repository}/manifests/${digest}`)
    expect(answer.status).toBe(202)
    expect(await world.at(repository, digest)).toBeUndefined()
  }

  async function writeHistory(repository: string, document: string): Promise<void> {
    await world.client().push(parseReference(`${world.target.address}/quarantine/${repository}`), "mirror-history", {
      artifactType: historyType,
      fileName: "mirror-history.json",
      mediaType: historyType,
      content: document,
      annotations: {},
    })
  }

  it("keeps a digest that was promoted and deleted from being acquired again", async () => {
    const repository = aRepository()
    const image = anImage({ sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    expect(await world.mirror(repository, on(1))).toMatchObject({ copied: true, history: "new" })
    expect((await history(repository)).entries).toMatchObject([
      {
        sourceTag: "1",
        sourceDigest: image.digest,
        destTag: "1",
        runId: "7",
        force: false,
        syncedAt: "2026-01-01T00:00:01.000Z",
      },
    ])
    await remove(repository, image.digest)
    await world.forgetRequests()
    expect(await world.mirror(repository, on(2))).toMatchObject({
      copied: false,
      history: "known",
      digest: image.digest,
    })
    expect(await world.writes()).toEqual([])
    expect(await world.mirror(repository, on(3, { force: true }))).toMatchObject({ copied: true })
  })

  it("lets a known digest in again when something new is attached to it", async () => {
    const repository = aRepository()
    const image = anImage({ sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    await world.mirror(repository, on(1))
    await remove(repository, image.digest)
    const note = aReferrer(image.root.descriptor, { artifactType: "application/vnd.example.note" })
    await attachReferrer(world.source.url, repository, note)
    expect(await world.mirror(repository, on(2))).toMatchObject({ copied: true, history: "new" })
    expect(await world.at(repository, note.descriptor.digest)).toBe(note.descriptor.digest)
  })

  it("also knows what arrived later at a digest that was there", async () => {
    const repository = aRepository()
    const image = anImage()
    await pushImage(world.source.url, repository, "1", image)
    await world.mirror(repository, on(1))
    const note = aReferrer(image.root.descriptor, { artifactType: "application/vnd.example.note" })
    await attachReferrer(world.source.url, repository, note)
    expect(await world.mirror(repository, on(2))).toMatchObject({ copied: true })
    await remove(repository, image.digest)
    expect(await world.mirror(repository, on(3))).toMatchObject({ copied: false, history: "known" })
  })

  it("notices that upstream went back to a digest that it had left", async () => {
    const repository = aRepository()
    const [first, second] = [anImage({ layers: ["A"] }), anImage({ layers: ["B"] })]
    for (const [at, image] of [first, second].entries()) {
      await pushImage(world.source.url, repository, "1", image)
      await world.mirror(repository, on(at + 1))
    }
    await pushImage(world.source.url, repository, "1", first)
    const result = await world.mirror(repository, on(3))
    expect(result).toMatchObject({ copied: true, history: "rollback", previousDigest: second.digest })
    expect(await world.at(repository, "1")).toBe(first.digest)
    expect((await history(repository)).entries.map(({ sourceDigest }) => sourceDigest)).toEqual([
      first.digest,
      second.digest,
      first.digest,
    ])
  })

  it("believes entries of older writers, which do not say what was attached", async () => {
    const repository = aRepository()
    const image = anImage({ sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    const entry = {
      sourceTag: "1",
      sourceDigest: image.digest,
      destTag: "1",
      syncedAt: "2025-01-01T00:00:00Z",
      runUrl: "",
      runId: 7,
      runAttempt: null,
      force: "true",
    }
    await writeHistory(
      repository,
      JSON.stringify({ schemaVersion: 1, image: "a", source: "b", entries: [entry, { broken: true }] }),
    )
    expect(await world.mirror(repository, on(1))).toMatchObject({ copied: false, history: "known" })
  })

  it.each(["{", '{"entries":7}', "[]"])(
    "is an error when its document is %j, and nothing is copied",
    async (document) => {
      const repository = aRepository()
      const image = anImage()
      await pushImage(world.source.url, repository, "1", image)
      await writeHistory(repository, document)
      await world.forgetRequests()
      await expect(world.mirror(repository, on(1))).rejects.toThrow(/^\[HISTORY_INVALID\] .*mirror-history/)
      expect(await world.writes()).toEqual([])
    },
  )

  it("is an error when the tag holds an image, which is left alone", async () => {
    const repository = aRepository()
    await pushImage(world.source.url, repository, "1", anImage())
    const other = anImage({ layers: ["other"], single: true })
    await pushImage(world.target.url, `quarantine/${repository}`, "mirror-history", other)
    await expect(world.mirror(repository, on(1))).rejects.toThrow(/^\[HISTORY_INVALID\] .*the tag is reserved/)
    expect(await world.at(repository, "mirror-history")).toBe(other.digest)
  })

  it("loses nothing when many mirrors of one process write at once", async () => {
    const repository = aRepository()
    const tags = ["1", "2", "3", "4", "5"]
    for (const tag of tags) await pushImage(world.source.url, repository, tag, anImage({ layers: [tag] }))
    await Promise.all(tags.map((tag, at) => world.mirror(repository, on(at, { tag }))))
    expect((await history(repository)).entries.map(({ sourceTag }) => sourceTag)).toEqual(tags)
  })

  it("costs two requests to read and seven to write", async () => {
    const [repository, plain] = [aRepository(), aRepository()]
    const cost: Record<string, number> = {}
    for (const [name, change] of [
      [repository, on(1)],
      [plain, {}],
    ] as const) {
      for (const tag of ["1", "2"]) await pushImage(world.source.url, name, tag, anImage({ layers: [tag] }))
      await world.mirror(name, { ...change, tag: "1" })
      await world.forgetRequests()
      await world.mirror(name, { ...change, tag: "2" })
      // Whether there is a referrers API is asked by two listings side by side, or by the first alone: as it happens.
      cost[name] = sum(await loggedOurs(world.target, ({ path }) => !path.includes("/referrers/")))
    }
    expect((cost[repository] ?? 0) - (cost[plain] ?? 0)).toBe(2 + 7)
  })
})
