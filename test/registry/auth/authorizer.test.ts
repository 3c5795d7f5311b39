// Logins, as the client makes them: which header goes where, and which never does.
import { describe, expect, it } from "vitest"
import type { Digest } from "../../../core/oci/digest.js"
import { fourAttempts } from "../../support/retries.js"
import { clientOf, type Pretend, pretend, type Question, type Reply } from "../pretend-registry.js"

const digest = `sha256:${"a".repeat(64)}` as Digest
const found: Reply = { headers: { "docker-content-digest": digest } }
const login = { auth: Buffer.from("me:secret").toString("base64") }
const basic = `Basic ${login.auth}`
const at = ({ address }: Pretend, tag = "1", repository = "team/app") => ({ registry: address, repository, tag })
const aNote = { artifactType: "a/b", fileName: "n", mediaType: "text/plain", content: "n", annotations: {} }
const refused = (...challenges: string[]): Reply => ({ status: 401, headers: { "www-authenticate": challenges } })

/** A registry with a token server beside it: whoever brings the newest token is let in. */
function tokens(
  change: { readonly seconds?: number; readonly field?: string; readonly expired?: (before: number) => boolean } = {},
) {
  let issued = 0
  return pretend(({ path, authorization, headers }, before) => {
    if (path === "/token") {
      const body = { [change.field ?? "token"]: `t${++issued}`, expires_in: change.seconds ?? 300 }
      return { body: JSON.stringify(body) }
    }
    const isGood = authorization === `Bearer t${issued}` && issued > 0 && change.expired?.(before) !== true
    const realm = `http://${headers.host ?? ""}/token`
    return isGood ? found : refused(`Bearer realm="${realm}",service="s",scope="repository:team/app:pull"`)
  })
}

const tokenRequests = ({ asked }: Pretend) => asked.filter(({ path }) => path === "/token")

describe("a Bearer challenge", () => {
  it("is answered with a token, for which the credentials go to the realm alone", async () => {
    const server = await tokens()
    expect(await clientOf({ entry: login }).resolve(at(server))).toBe(digest)
    expect(server.asked.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
      ["HEAD", "/v2/team/app/manifests/1", undefined],
      ["GET", "/token", basic],
      ["HEAD", "/v2/team/app/manifests/1", "Bearer t1"],
    ])
    const { query } = server.asked[1] as Question
    expect([query.get("service"), query.getAll("scope")]).toEqual(["s", ["repository:team/app:pull"]])
  })

  it.each([404, 410])("whose token server answers %d is a refusal, and nothing that is not there", async (status) => {
    const server = await pretend(({ path, headers }) =>
      path === "/token" ? { status } : refused(`Bearer realm="http://${headers.host ?? ""}/token",service="s"`),
    )
    await expect(clientOf().resolve(at(server))).rejects.toThrow("REGISTRY_UNAUTHORIZED")
    await expect(clientOf().manifest({ ...at(server), digest })).rejects.toThrow("REGISTRY_UNAUTHORIZED")
  })

  it("is met once: the token serves the next requests, and those that are made at the same time", async () => {
    const server = await tokens()
    const client = clientOf()
    await client.resolve(at(server))
    await Promise.all(["2", "3", "4"].map((tag) => client.resolve(at(server, tag))))
    expect(tokenRequests(server)).toHaveLength(1)
    expect(tokenRequests(server)[0]?.authorization).toBeUndefined()
    expect(server.asked.filter(({ method }) => method === "HEAD")).toHaveLength(5)
  })

  it("has a token of its own for each repository and right", async () => {
    const server = await tokens()
    const client = clientOf()
    await client.resolve(at(server))
    await client.resolve(at(server, "1", "team/other"))
    const scopes = tokenRequests(server).map(({ query }) => query.get("scope"))
    expect(scopes).toEqual(["repository:team/app:pull", "repository:team/other:pull"])
  })

  it("comes again when a token expired in the middle, and is answered with a new one", async () => {
    const server = await tokens({ expired: (before) => before === 3 })
    const client = clientOf()
    await client.resolve(at(server))
    expect(await client.resolve(at(server, "2"))).toBe(digest)
    expect(tokenRequests(server)).toHaveLength(2)
  })

  it("is foreseen when a token said how long it lives", async () => {
    const server = await tokens({ seconds: 0 })
    const client = clientOf()
    await client.resolve(at(server))
    await client.resolve(at(server, "2"))
    expect(server.asked.filter(({ method }) => method === "HEAD")).toHaveLength(3)
    expect(tokenRequests(server)).toHaveLength(2)
  })

  it.each(["token", "access_token"])("takes the field %s", async (field) => {
    expect(await clientOf().resolve(at(await tokens({ field })))).toBe(digest)
  })

  it("is refused for good when the new token is refused as well", async () => {
    const server = await tokens({ expired: () => true })
    await expect(clientOf({ entry: login }).resolve(at(server))).rejects.toThrow(/^\[REGISTRY_UNAUTHORIZED\] resolve /)
    expect(tokenRequests(server)).toHaveLength(1)
  })

  it("is tried again when what was let in before is refused with new tokens, and only then", async () => {
    let isLate = false
    const server = await tokens({ expired: () => isLate })
    const retry = fourAttempts([1])
    const client = clientOf({ retry })
    await client.resolve(at(server))
    isLate = true
    await expect(client.resolve(at(server, "2"))).rejects.toThrow(
      /^\[REGISTRY_UNAUTHORIZED\] .*token expired in the middle/,
    )
    expect(retry.slept).toEqual([1])
    const other = fourAttempts([1])
    await expect(clientOf({ retry: other }).resolve(at(server, "2"))).rejects.toThrow(/does not let us in/)
    expect(other.slept).toEqual([])
    // A right that was never granted is no token that expired.
    await expect(client.push(at(server), "2", aNote)).rejects.toThrow(/does not let us in/)
  })

  it("names the token server that refuses, and shows nothing of the login", async () => {
    const server = await pretend(({ path, headers }) =>
      path === "/token"
        ? { status: 401, body: '{"details":"incorrect username or password for me:secret"}' }
        : refused(`Bearer realm="http://${headers.host ?? ""}/token"`),
    )
    const error = (await clientOf({ entry: login })
      .resolve(at(server))
      .catch((reason: Error) => reason)) as Error
    expect(error.message).toMatch(
      /^\[REGISTRY_UNAUTHORIZED\] resolve .* failed: .*GET 127\.0\.0\.1:\d+\/token answered 401 "incorrect/,
    )
    expect(error.message).not.toContain("secret")
  })

  it("says so when the token server's answer holds no token", async () => {
    const server = await pretend(({ path, headers }) =>
      path === "/token" ? { body: "<html>" } : refused(`Bearer realm="http://${headers.host ?? ""}/token"`),
    )
    await expect(clientOf().resolve(at(server))).rejects.toThrow(/^\[REGISTRY_REFUSED\] .*holds no token/)
  })
})

describe("an identity token", () => {
  it("is traded for a token by POST", async () => {
    const server = await tokens({ field: "access_token" })
    expect(await clientOf({ entry: { identitytoken: "refresh me" } }).resolve(at(server))).toBe(digest)
    const [asked] = tokenRequests(server)
    expect([asked?.method, asked?.authorization]).toEqual(["POST", undefined])
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toMatchObject({
      grant_type: "refresh_token",
      refresh_token: "refresh me",
      service: "s",
      scope: "repository:team/app:pull",
    })
  })
})

describe("a registry token", () => {
  it("is sent as it is", async () => {
    const server = await pretend(({ authorization }) => (authorization === "Bearer given" ? found : refused("Basic")))
    expect(await clientOf({ entry: { registrytoken: "given" } }).resolve(at(server))).toBe(digest)
    expect(server.asked).toHaveLength(1)
  })
})

describe("a Basic challenge", () => {
  const asks = (...challenges: string[]) =>
    pretend(({ authorization }) => (authorization === basic ? found : refused(...challenges)))

  it.each([
    [['Basic realm="registry"']],
    [["Negotiate", 'Basic realm="registry"']],
    [['Basic realm="registry"', "Negotiate"]],
    [['Negotiate, NTLM, Basic realm="registry"']],
  ])("is answered among %j", async (challenges) => {
    const server = await asks(...challenges)
    const client = clientOf({ entry: login })
    expect(await client.resolve(at(server))).toBe(digest)
    expect(await client.resolve(at(server, "2"))).toBe(digest)
    expect(server.asked.map(({ authorization }) => authorization)).toEqual([undefined, basic, basic])
  })

  it("is not answered without a login, and not twice with a wrong one", async () => {
    const server = await asks("Basic")
    await expect(clientOf().resolve(at(server))).rejects.toThrow(/^\[REGISTRY_UNAUTHORIZED\] .*with-registry-auth/)
    expect(server.asked).toHaveLength(1)
    const wrong = { auth: Buffer.from("me:wrong").toString("base64") }
    await expect(clientOf({ entry: wrong }).resolve(at(server))).rejects.toThrow(/^\[REGISTRY_UNAUTHORIZED\] /)
    expect(server.asked).toHaveLength(3)
  })

  it("names the keys of a docker config that could not be used, when nothing else fits", async () => {
    const server = await asks("Basic")
    const unused = ["REGISTRY.example/Team"]
    await expect(clientOf({ unused }).resolve(at(server))).rejects.toThrow(
      /with-docker-config.*; the docker config's "REGISTRY\.example\/Team" is no address that could be used$/,
    )
    const wrong = { auth: Buffer.from("me:wrong").toString("base64") }
    await expect(clientOf({ entry: wrong, unused }).resolve(at(server))).rejects.toThrow(/may do this$/)
  })

  it("is refused when an entry is no login, without a word of it", async () => {
    const server = await asks("Basic")
    for (const entry of [{ auth: "bm9jb2xvbg==" }, { auth: 7 }])
      await expect(clientOf({ entry }).resolve(at(server))).rejects.toThrow(
        /^\[CREDENTIALS_INVALID\] the docker config's entry for 127\.0\.0\.1:\d+ is not a login/,
      )
  })
})
