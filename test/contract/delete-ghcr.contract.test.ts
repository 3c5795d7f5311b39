// Deleting where only GitHub's Packages API deletes: a real registry to read from, a local server that answers as
// GitHub's recorded API does.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { deleteImage } from "../../core/delete/delete-image.js"
import { ghcrPackages } from "../../registry/rest/ghcr-packages.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { type FakeGithub, type FakeGithubOptions, type FakeVersion, startFakeGithub } from "../support/fake-github.js"
import { newRegistry, refer } from "../support/promotion.js"
import { pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const token = "ghp_fakeTokenOfTheTests"
const retry = { delays: [0], sleep: () => Promise.resolve() }

describe("delete on ghcr.io", () => {
  let at: TestRegistry
  let github: FakeGithub
  let number = 0
  beforeAll(async () => void (at = await startRegistry("api")))
  afterAll(() => at.stop())
  afterEach(() => github.close())

  const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], sbom: "cyclonedx" })
  const other = anImage({ layers: ["other"] })
  const parts = ({ root, platforms, referrers }: TestImage) =>
    [root, ...platforms.map(({ manifest }) => manifest), ...referrers].map(({ descriptor }) => descriptor.digest)

  // Pushes the tagged images, and tells GitHub of every digest with its tags.
  const start = async (tagged: Readonly<Record<string, TestImage>>, options: FakeGithubOptions = {}) => {
    const name = `quarantine/app${++number}`
    const owner = options.owner?.login ?? "acme"
    for (const [tag, one] of Object.entries(tagged)) {
      await pushImage(at.url, `${owner}/${name}`, tag, one)
      await pushManifest(at.url, `${owner}/${name}`, one.root, tag)
    }
    const digests = [...new Set(Object.values(tagged).flatMap(parts))]
    const tagsOf = (digest: string) => Object.keys(tagged).filter((tag) => tagged[tag]?.digest === digest)
    const versions: FakeVersion[] = digests.map((digest, id) => ({ id: id + 1, digest, tags: tagsOf(digest) }))
    github = await startFakeGithub({ ...options, packages: { [name]: versions } })
    const packages = ghcrPackages({ token, apiUrl: github.url, retry })
    const remove = (tag: string) =>
      deleteImage(
        { registry: newRegistry() },
        {
          image: refer(at, `${owner}/${name}:${tag}`),
          referrers: true,
          dryRun: false,
          deletionWay: { kind: "ghcr", packages },
        },
      )
    return { remove, left: () => github.versions(name).map(({ digest }) => digest) }
  }
  const deletes = () => github.requests.filter((one) => one.startsWith("DELETE"))

  it.each<[string, FakeGithubOptions]>([
    ["an organisation", {}],
    ["the token's own user", { owner: { login: "me", type: "User" }, login: "me" }],
    ["another user", { owner: { login: "me", type: "User" } }],
  ])("takes the image of %s with its platforms and attachments, and leaves the other version", async (_, options) => {
    const { remove, left } = await start({ "1": image, "2": other }, options)
    const result = await remove("1")
    expect({ status: result.status, deleted: result.deleted.map(({ digest }) => digest).sort() }).toEqual({
      status: "deleted",
      deleted: parts(image).sort(),
    })
    expect(left().sort()).toEqual(parts(other).sort())
  })

  it.each<[string, string, Readonly<Record<string, TestImage>>, string]>([
    ["is the last tagged version", "1", { "1": image }, "last tagged version"],
    ["shares its digest with another tag", "1", { "1": image, "1.0": image, "2": other }, "also has tag 1.0"],
    [
      "is the history",
      "mirror-history",
      { "mirror-history": other, "1": image },
      "holds evidence or the mirror history",
    ],
  ])("deletes nothing when the tag %s", async (_, tag, tagged, reason) => {
    const { remove, left } = await start(tagged)
    const all = left()
    expect(await remove(tag)).toMatchObject({ status: "skipped", reason: expect.stringContaining(reason) })
    expect({ left: left(), deletes: deletes() }).toEqual({ left: all, deletes: [] })
  })

  it("keeps the package that holds the mirror history", async () => {
    const history = anImage({ layers: ["history"], single: true })
    const { remove, left } = await start({ "1": image, "mirror-history": history })
    const result = await remove("1")
    expect(result.status).toBe("deleted")
    expect(left()).toContain(history.digest)
  })

  it.each<[403 | 404, string]>([
    [403, "delete:packages"],
    [404, "hides a missing right"],
  ])(
    "says what the token lacks when GitHub answers %i, and does not claim a deletion",
    async (refuseDelete, reason) => {
      const { remove, left } = await start({ "1": image, "2": other }, { refuseDelete })
      const all = left()
      const result = await remove("1")
      expect(result).toMatchObject({ status: "failed", deleted: [], reason: expect.stringContaining(reason) })
      expect(left()).toEqual(all)
    },
  )
})
