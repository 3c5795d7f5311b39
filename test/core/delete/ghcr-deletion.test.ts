import { afterEach, describe, expect, it } from "vitest"
import { deleteFromGhcr, type GhcrDeletion } from "../../../core/delete/ghcr-deletion.js"
import { ghcrPackages } from "../../../registry/rest/ghcr-packages.js"
import { type FakeGithub, type FakeGithubOptions, startFakeGithub } from "../../support/fake-github.js"
import { d, manifests, named, tags, target, versionsOf } from "./deletion-builders.js"

const running: FakeGithub[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((github) => github.close()))
})

/** Deletes quarantine/nginx:1.0 by the real client at the local server. */
async function deleteAt(options: FakeGithubOptions = {}, changes: Partial<GhcrDeletion> = {}, meanwhile?: number) {
  const github = await startFakeGithub({ packages: { "quarantine/nginx": versionsOf() }, ...options })
  running.push(github)
  const retry = { delays: [0, 0, 0], sleep: () => Promise.resolve() }
  const packages = ghcrPackages({ token: "ghp_fakeTokenOfTheTests", apiUrl: github.url, retry })
  const readManifests = async () => {
    if (meanwhile !== undefined) await packages.deleteVersion("acme", "quarantine/nginx", meanwhile)
    return manifests
  }
  const deletion = { repository: "acme/quarantine/nginx", target, readManifests, ...changes }
  const result = await deleteFromGhcr(deletion, packages)
  const left = github.versions("quarantine/nginx").map(({ digest }) => named(digest as typeof target.digest))
  return { result, left, deletes: github.requests.filter((request) => request.startsWith("DELETE")) }
}

describe("deleteFromGhcr", () => {
  it("deletes the image with its evidence and platforms, and leaves the other image and the history", async () => {
    const { result, left, deletes } = await deleteAt()
    expect(result.status).toBe("deleted")
    const order = ["signature", "sbom", "scan", "image", "amd64", "arm64"]
    expect(result.deleted.map(({ digest }) => named(digest))).toEqual(order)
    expect(left).toEqual(["other", "history"])
    expect(deletes).toHaveLength(6)
  })

  it("skips the last tagged version and never deletes the package", async () => {
    const versions = versionsOf([{ tag: "1.0", digest: d("image") }])
    const own = versions.filter(({ digest }) => digest !== d("other"))
    const readManifests = () => Promise.resolve(manifests.slice(0, 6))
    const { result, left, deletes } = await deleteAt({ packages: { "quarantine/nginx": own } }, { readManifests })
    expect(result).toMatchObject({
      status: "skipped",
      reason: expect.stringContaining("last tagged version") as string,
    })
    expect(deletes).toEqual([])
    expect(left).toHaveLength(6)
  })

  it("skips a digest that another tag shares", async () => {
    const versions = versionsOf([...tags, { tag: "latest", digest: d("image") }])
    const { result, deletes } = await deleteAt({ packages: { "quarantine/nginx": versions } })
    expect(result).toMatchObject({ status: "skipped", reason: expect.stringContaining("tag latest") as string })
    expect(deletes).toEqual([])
  })

  it.each<[string, FakeGithubOptions, RegExp]>([
    ["a missing scope", { refuseDelete: 403 }, /delete:packages.*Admin role/],
    ["a missing role that shows as 404", { refuseDelete: 404 }, /hides a missing right behind a 404/],
    ["a version with many downloads", { downloaded: [5] }, /more than 5000 downloads/],
    ["a wrong token", { token: "another" }, /token is not valid/],
    ["an unknown package", { packages: {} }, /gone, or the token may not see it/],
  ])("fails with a name for %s, and keeps the image", async (_, options, words) => {
    const { result, left } = await deleteAt(options)
    expect(result).toMatchObject({ status: "failed", deleted: [], reason: expect.stringMatching(words) as string })
    if (options.packages === undefined) expect(left).toHaveLength(8)
    expect(JSON.stringify(result)).not.toContain("ghp_")
  })

  it("counts a version that somebody else deletes meanwhile as deleted", async () => {
    const { result, left } = await deleteAt({}, {}, 5)
    expect(result.status).toBe("deleted")
    expect(left).toEqual(["other", "history"])
  })

  it("says deleted for a tag that is gone", async () => {
    const { result, deletes } = await deleteAt({}, { target: { digest: d("image"), tag: "0.9" } })
    expect(result).toMatchObject({ status: "deleted", reason: "tag 0.9 is not there (any more)" })
    expect(deletes).toEqual([])
  })

  it("fails without a deletion when the manifests cannot be read", async () => {
    const readManifests = () => Promise.reject(new Error("oras: 401"))
    const { result, deletes } = await deleteAt({}, { readManifests })
    expect(result).toMatchObject({ status: "failed", reason: "oras: 401" })
    expect(deletes).toEqual([])
  })
})
