import { describe, expect, it } from "vitest"
import {
  dockerConfigFor,
  parseAddress,
  passwordEntry,
  readDockerConfig,
  selectCredential,
} from "../../registry/credentials.js"
import { parseRepository } from "../../core/oci/reference.js"

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

  it("says what to do about a config that only names a credential store", () => {
    expect(() => readDockerConfig('{"auths":{"ghcr.io":{}},"credsStore":"desktop"}')).toThrow(
      /credential store "desktop".*withRegistryAuth/,
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
