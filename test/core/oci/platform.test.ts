import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formatPlatform, matchPlatform, parsePlatform, platformOf } from "../../../core/oci/platform.js"
import { expectCode } from "./fixture.js"

describe("parsePlatform", () => {
  it.each([
    ["linux/amd64", "linux/amd64"],
    ["linux/arm64/v8", "linux/arm64"],
    ["linux/amd64/v1", "linux/amd64"],
    ["linux/amd64/v3", "linux/amd64/v3"],
    ["linux/arm", "linux/arm/v7"],
    ["linux/arm/6", "linux/arm/v6"],
    [" Linux/AARCH64 ", "linux/arm64"],
    ["linux/x86_64", "linux/amd64"],
    ["linux/i386/v1", "linux/386"],
    ["linux/armhf", "linux/arm/v7"],
    ["linux/armel", "linux/arm/v6"],
    ["linux/arm64/v8.0", "linux/arm64"],
    ["linux/arm64/9", "linux/arm64/v9"],
    ["macOS/arm64", "darwin/arm64"],
    ["windows/amd64:10.0.20348.2340", "windows/amd64:10.0.20348.2340"],
  ])("reads %s as %s", (text, expected) => {
    expect(formatPlatform(parsePlatform(text))).toBe(expected)
  })

  it.each([
    "",
    "linux",
    "linux/",
    "/amd64",
    "linux/arm/v7/x",
    "linux/amd64:1:2",
    "linux/amd 64",
    "--os/amd64",
    "linux/\n",
  ])("refuses %j", (text) => {
    expectCode(() => parsePlatform(text), "ARGUMENT_INVALID", "expected os/architecture")
  })

  it("reads back what it writes", () => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,8}$/)
    const optional = fc.option(part, { nil: undefined })
    fc.assert(
      fc.property(part, part, optional, optional, (os, architecture, variant, osVersion) => {
        const platform = { os, architecture, ...(variant ? { variant } : {}), ...(osVersion ? { osVersion } : {}) }
        const written = formatPlatform(platform)
        expect(formatPlatform(parsePlatform(written))).toBe(written)
        expect(matchPlatform(parsePlatform(written), platform)).toBe(true)
      }),
    )
  })
})

describe("matchPlatform", () => {
  it.each([
    ["linux/arm64", "linux/arm64/v8", true],
    ["linux/arm/v6", "linux/arm/v7", false],
    ["linux/amd64", "linux/amd64/v3", false],
    ["windows/amd64", "windows/amd64:10.0.1", true],
    ["windows/amd64:10.0.2", "windows/amd64:10.0.1", false],
  ])("asked for %s, answers to %s: %s", (wanted, actual, expected) => {
    expect(matchPlatform(parsePlatform(wanted), parsePlatform(actual))).toBe(expected)
  })
})

describe("platformOf", () => {
  it("gives no platform to entries that no tool could be asked for", () => {
    expect(platformOf(undefined)).toBeUndefined()
    expect(platformOf({ os: "unknown", architecture: "unknown" })).toBeUndefined()
    expect(platformOf({ os: "", architecture: "" })).toBeUndefined()
    expect(platformOf({ os: "linux", architecture: "amd64 --insecure" })).toBeUndefined()
  })

  it("keeps the os.version of Windows", () => {
    const platform = platformOf({ os: "windows", architecture: "amd64", "os.version": "10.0.17763.1" })
    expect(platform && formatPlatform(platform)).toBe("windows/amd64:10.0.17763.1")
  })
})
