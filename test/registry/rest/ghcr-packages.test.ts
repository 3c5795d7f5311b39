import { afterEach, describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { ghcrPackages, maxVersionPages } from "../../../registry/rest/ghcr-packages.js"
import { serve } from "../../rest/loopback.js"
import { type FakeGithub, type FakeGithubOptions, startFakeGithub } from "../../support/fake-github.js"

const token = "ghp_fakeTokenOfTheTests"
const retry = { delays: [0, 0, 0], sleep: () => Promise.resolve() }
const running: FakeGithub[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((github) => github.close()))
})

async function start(options: FakeGithubOptions = {}) {
  const github = await startFakeGithub({ packages: { "quarantine/nginx": manyVersions(3) }, ...options })
  running.push(github)
  return { github, packages: ghcrPackages({ token, apiUrl: github.url, retry }) }
}

function manyVersions(count: number) {
  return Array.from({ length: count }, (_, i) => ({ id: i + 1, digest: digestOf(`v${i}`), tags: [`1.${i}`] }))
}

describe("ghcrPackages", () => {
  it("lists an organisation's versions with digest and tags, the slash in the name encoded", async () => {
    const { github, packages } = await start()
    expect(await packages.listVersions("acme", "quarantine/nginx")).toEqual(manyVersions(3))
    expect(github.requests.at(-1)).toBe("GET /orgs/acme/packages/container/quarantine%2Fnginx/versions?per_page=100")
  })

  it.each([
    ["me", "/user/"],
    ["somebody-else", "/users/me/"],
    [undefined, "/users/me/"],
  ])("finds a user's packages when the token is of %s", async (login, path) => {
    const owner = { login: "me", type: "User" as const }
    const { github, packages } = await start({ owner, ...(login === undefined ? {} : { login }) })
    expect(await packages.listVersions("me", "quarantine/nginx")).toHaveLength(3)
    expect(github.requests.at(-1)).toContain(` ${path}packages`.trimStart())
  })

  it("asks once who the owner is", async () => {
    const { github, packages } = await start()
    await packages.listVersions("acme", "quarantine/nginx")
    await packages.deleteVersion("acme", "quarantine/nginx", 2)
    expect(github.requests.filter((request) => request.startsWith("GET /users/"))).toHaveLength(1)
  })

  it("reads every page", async () => {
    const { github, packages } = await start({ packages: { app: manyVersions(250) } })
    expect(await packages.listVersions("acme", "app")).toEqual(manyVersions(250))
    expect(github.requests.filter((request) => request.includes("/versions"))).toHaveLength(3)
  })

  it("refuses a next page on another host", async () => {
    const thief = await serve({ body: [] })
    const { packages } = await start({ packages: { app: manyVersions(101) }, linkOrigin: thief.url })
    await expect(packages.listVersions("acme", "app")).rejects.toThrow("another host")
    expect(thief.asked).toEqual([])
  })

  it("refuses a list without end", async () => {
    const next = { link: '</orgs/acme/packages/container/app/versions?page=2>; rel="next"' }
    const { url, asked } = await serve({ body: { type: "Organization" } }, { body: [], headers: next })
    const packages = ghcrPackages({ token, apiUrl: url, retry })
    await expect(packages.listVersions("acme", "app")).rejects.toThrow("[LIMIT_EXCEEDED]")
    expect(asked).toHaveLength(1 + maxVersionPages)
  })

  it("deletes one version and nothing else", async () => {
    const { github, packages } = await start()
    await packages.deleteVersion("acme", "quarantine/nginx", 2)
    expect(github.versions("quarantine/nginx").map(({ id }) => id)).toEqual([1, 3])
  })

  it("survives a 429 and a 502", async () => {
    const { github, packages } = await start()
    github.interrupt({ status: 429, headers: { "retry-after": "1" } }, { status: 502 })
    expect(await packages.listVersions("acme", "quarantine/nginx")).toHaveLength(3)
  })

  it.each<[string, FakeGithubOptions, string, RegExp]>([
    ["a missing scope", { refuseDelete: 403 }, "REGISTRY_UNAUTHORIZED", /delete:packages.*Admin role/],
    ["a missing version or role", { refuseDelete: 404 }, "REGISTRY_NOT_FOUND", /gone, or the token may not see it/],
    ["too many downloads", { downloaded: [1] }, "REGISTRY_REFUSED", /more than 5000 downloads/],
    ["the last tag", { packages: { "quarantine/nginx": manyVersions(1) } }, "REGISTRY_REFUSED", /last tagged version/],
    ["a wrong token", { token: "another" }, "REGISTRY_UNAUTHORIZED", /token is not valid.*Bad credentials/],
  ])("names %s", async (_, options, code, words) => {
    const { packages } = await start(options)
    const refused = expect(packages.deleteVersion("acme", "quarantine/nginx", 1)).rejects
    await refused.toMatchObject({ code, message: expect.stringMatching(words) as string })
  })

  it("says which field of an answer is wrong", async () => {
    const version = { id: 1, name: "latest", metadata: { container: { tags: [] } } }
    const { url } = await serve({ body: { type: "Organization" } }, { body: [version] })
    const packages = ghcrPackages({ token, apiUrl: url, retry })
    await expect(packages.listVersions("acme", "app")).rejects.toThrow(/REGISTRY_REFUSED.*at "0.name": is not a digest/)
  })

  it.each([
    ["..", "app"],
    ["acme", "../../user"],
    ["acme/x", "app"],
    ["acme", ""],
    ["acme", "a?b"],
  ])("refuses the name %s/%s before any request", async (owner, name) => {
    const { github, packages } = await start()
    await expect(packages.deleteVersion(owner, name, 1)).rejects.toThrow("[REFERENCE_INVALID]")
    expect(github.requests).toEqual([])
  })

  it("refuses an empty token", () => {
    expect(() => ghcrPackages({ token: " " })).toThrow("[CREDENTIALS_INVALID]")
  })
})
