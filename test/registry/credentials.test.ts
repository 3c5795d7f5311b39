import { describe, expect, it } from "vitest"
import { parseRepository } from "../../core/oci/reference.js"
import {
  dockerConfigFor,
  parseAddress,
  passwordEntry,
  readDockerConfig,
  selectCredential,
  unusedKeys,
} from "../../registry/credentials.js"

describe("selectCredential", () => {
  const credentials = ["registry.example", "registry.example/team", "registry.example/team/app"].map((address) => ({
    address,
    entry: { auth: address },
  }))
  const chosen = (repository: string) => selectCredential(credentials, parseRepository(repository))?.address

  it("takes the longest address that the repository lies under, by whole path segments", () => {
    expect(chosen("registry.example/team/app")).toBe("registry.example/team/app")
    expect(chosen("registry.example/team/app/nested")).toBe("registry.example/team/app")
    expect(chosen("registry.example/team/apple")).toBe("registry.example/team")
    expect(chosen("registry.example/teammate")).toBe("registry.example")
    expect(chosen("registry.example.evil/team")).toBeUndefined()
    expect(chosen("registry.example:5000/team")).toBeUndefined()
  })

  it("takes what was passed first of two for one address", () => {
    const both = [
      { address: "a.example", entry: { auth: "1" } },
      { address: "a.example", entry: { auth: "2" } },
    ]
    expect(selectCredential(both, parseRepository("a.example/x"))?.entry).toEqual({ auth: "1" })
  })
})

describe("parseAddress", () => {
  it.each([
    ["https://index.docker.io/v1/", "docker.io"],
    ["registry-1.docker.io", "docker.io"],
    ["HTTPS://x", undefined],
    ["GHCR.io/Org", undefined],
    ["GHCR.io/org/", "ghcr.io/org"],
    ["registry.example:5000/v2/", "registry.example:5000"],
    ["https://ghcr.io:443/org", "ghcr.io/org"],
    ["index.docker.io:443", "docker.io"],
    ["", undefined],
    ["a b", undefined],
    ["registry.example/../x y", undefined],
  ])("%j is %j", (text, expected) => {
    if (expected === undefined) expect(() => parseAddress(text)).toThrow(/^\[CREDENTIALS_INVALID\] /)
    else expect(parseAddress(text)).toBe(expected)
  })
})

describe("readDockerConfig", () => {
  it("reads entries, and gives each command only those of its registries, under the name that tools look for", () => {
    const text = JSON.stringify({
      auths: { "https://index.docker.io/v1/": { auth: "aHVi" }, "ghcr.io": { auth: "Z2g=" }, "empty.example": {} },
    })
    expect(readDockerConfig(text)).toEqual([
      { address: "docker.io", entry: { auth: "aHVi" } },
      { address: "ghcr.io", entry: { auth: "Z2g=" } },
    ])
    expect(JSON.parse(dockerConfigFor(new Map([["docker.io", { auth: "aHVi" }]])))).toEqual({
      auths: { "https://index.docker.io/v1/": { auth: "aHVi" } },
    })
  })

  const config = (...keys: string[]) =>
    JSON.stringify({
      auths: Object.fromEntries(keys.map((key) => [key, { auth: Buffer.from(key).toString("base64") }])),
    })
  const chosenFrom = (keys: readonly string[], repository: string) => {
    const entry = selectCredential(readDockerConfig(config(...keys)), parseRepository(repository))?.entry
    return entry === undefined ? undefined : Buffer.from(String(entry["auth"]), "base64").toString()
  }

  it("matches an odd key as a pattern of the host, by label, after every plain address", () => {
    const keys = ["*.azurecr.io", "registry.example.com", "mine.azurecr.io/team", "r?g.example:5000", "*.example/team"]
    expect(chosenFrom(keys, "registry.example.com/app")).toBe("registry.example.com")
    expect(chosenFrom(keys, "mine.azurecr.io/app")).toBe("*.azurecr.io")
    expect(chosenFrom(keys, "mine.azurecr.io/team/app")).toBe("mine.azurecr.io/team")
    expect(chosenFrom(keys, "reg.example:5000/app")).toBe("r?g.example:5000")
    expect(chosenFrom(keys, "a.example/team/app")).toBe("*.example/team")
    for (const other of [
      "a.b.azurecr.io/app",
      "azurecr.io/app",
      "mine.azurecr.io.evil/app",
      "reg.example/app",
      "a.example/teams",
    ])
      expect(chosenFrom(keys, other)).toBeUndefined()
  })

  it("refuses no file for a key that is neither an address nor a pattern, and knows it", () => {
    const keys = ["ssh://git@x/y z", "registry.example/Team", "registry.example", "[::1]:5000", "*{a,b}.example"]
    expect(chosenFrom(keys, "registry.example/team/app")).toBe("registry.example")
    expect(unusedKeys(readDockerConfig(config(...keys)))).toEqual([
      "ssh://git@x/y z",
      "registry.example/Team",
      "*{a,b}.example",
    ])
    expect(chosenFrom(keys, "a.example/app")).toBeUndefined()
  })

  it("says what to do about a config that only names a credential store", () => {
    expect(() => readDockerConfig('{"auths":{"ghcr.io":{}},"credsStore":"desktop"}')).toThrow(
      /credential store "desktop".*with-registry-auth/,
    )
  })

  it("never quotes a config that it cannot read", () => {
    const secret = "c2VjcmV0"
    for (const text of [`{"auths":{"ghcr.io":{"auth":"${secret}"}}`, `{"auths":"${secret}"}`, secret])
      expect(() => readDockerConfig(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret) }),
      )
  })
})

describe("passwordEntry", () => {
  it("refuses empty names and secrets, and takes the line break off a secret that a file brought along", () => {
    expect(() => passwordEntry("ghcr.io", "", "x")).toThrow(/user name for ghcr.io is empty/)
    expect(() => passwordEntry("ghcr.io", "me", " \n")).toThrow(/secret for ghcr.io is empty/)
    expect(passwordEntry("ghcr.io", "me", "pass\n")).toEqual({ auth: Buffer.from("me:pass").toString("base64") })
  })
})
