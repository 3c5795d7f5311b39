import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { durationOf, formatDuration } from "../../../core/policy/document/duration.js"
import { expiryOf } from "../../../core/policy/document/expiry.js"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { matchesImage } from "../../../core/policy/exceptions/image-glob.js"
import { isActive, ledgerOf, openLedger, useForFinding } from "../../../core/policy/exceptions/ledger.js"
import { matchesPlatform } from "../../../core/policy/exceptions/platform-match.js"
import { matchesPurl, purlPatternProblem } from "../../../core/policy/exceptions/purl-pattern.js"
import { isVulnerabilityId } from "../../../core/policy/exceptions/vulnerability-id.js"
import { aFinding, image, now } from "./build-assessment.js"

describe("matchesPurl", () => {
  it.each([
    ["pkg:dhi/*", "pkg:dhi/python@3.14.0?os=alpine", true],
    ["pkg:dhi/*", "pkg:deb/dhi/python@3", false],
    ["pkg:deb/debian/openssl", "pkg:deb/debian/openssl@3.0?arch=amd64&distro=debian-13", true],
    ["pkg:deb/debian/openssl", "pkg:deb/debian/openssl-dev@3.0", false],
    ["pkg:npm/lodash@4.17.*", "pkg:npm/lodash@4.17.21", true],
    ["pkg:npm/lodash@4.17.*", "pkg:npm/lodash@4.18.0", false],
    ["pkg:npm/lodash@4.17.*", "pkg:npm/lodash", false],
    ["pkg:npm/@angular/core", "pkg:npm/%40angular/core@1.2.3", true],
    ["pkg:npm/%40angular/*@1.*", "pkg:npm/%40angular/core@1.2.3", true],
    ["pkg:golang/github.com/*/yaml", "pkg:golang/github.com/go/yaml@v1", true],
    ["pkg:dhi/*", "", false],
    ["pkg:dhi/*", "not a purl", false],
    ["pkg:deb/debian/libstdc%2B%2B6@12.2.0-14", "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64", true],
    ["pkg:deb/debian/libstdc++6@12.2.0-14", "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64", true],
    ["pkg:deb/debian/libstdc%2b%2b*", "pkg:deb/debian/libstdc++6@12.2.0-14", true],
    ["pkg:deb/Debian/Bash", "pkg:deb/debian/bash@5", true],
    ["PKG:DEB/debian/bash", "pkg:deb/debian/bash@5", true],
    ["pkg:deb/debian/bash@1%3A5.2", "pkg:deb/debian/bash@1:5.2", true],
    ["pkg:deb/debian/bash@1:5.2", "pkg:deb/debian/bash@5.2?arch=amd64&epoch=1", true],
    ["pkg:deb/debian/bash@1:5.2", "pkg:deb/debian/bash@5.2?epoch=2", false],
    ["pkg:rpm/redhat/openssl@1.1.1k", "pkg:rpm/redhat/openssl@1.1.1k?epoch=1", true],
    ["pkg:rpm/RedHat/openssl", "pkg:rpm/redhat/openssl@1", true],
    ["pkg:rpm/redhat/OpenSSL", "pkg:rpm/redhat/openssl@1", false],
    ["pkg:pypi/typing_extensions", "pkg:pypi/typing-extensions@4", true],
    ["pkg:pypi/Typing.Extensions", "pkg:pypi/typing_extensions@4", true],
    ["pkg:pypi/typing_*@4.*", "pkg:pypi/typing-extensions@4.12", true],
    ["pkg:pypi/typing", "pkg:pypi/typing-extensions@4", false],
    ["pkg:pub/http-parser", "pkg:pub/http_parser@1", true],
    ["pkg:npm/JSONStream", "pkg:npm/jsonstream@1", false],
    ["pkg:npm/%40Angular/core", "pkg:npm/@angular/core@1", false],
    ["pkg:golang/github.com/Go-Yaml/yaml@1.2.3", "pkg:golang/github.com/go-yaml/yaml@v1.2.3", true],
    ["pkg:golang/github.com/go-yaml/yaml@v1.*", "pkg:golang/github.com/go-yaml/yaml@1.2.3", true],
    ["pkg:maven/org.Apache/log4j", "pkg:maven/org.apache/log4j@1", false],
    ["pkg:deb//debian/bash", "pkg:deb/debian/bash@5", true],
    ["pkg:deb/debian/a%2Fb", "pkg:deb/debian/a%2Fb@5", true],
    ["pkg:deb/debian/%zz", "pkg:deb/debian/zz@5", false],
  ])("tells for %s and %s: %s", (pattern, purl, expected) => {
    expect(matchesPurl(pattern, purl)).toBe(expected)
  })

  it("takes a purl as any report prints it for a pattern of itself", () => {
    const types = [
      "apk",
      "deb",
      "rpm",
      "pypi",
      "npm",
      "golang",
      "maven",
      "gem",
      "cargo",
      "composer",
      "nuget",
      "pub",
      "generic",
    ]
    const text = fc
      .string({ minLength: 1, maxLength: 12, unit: "grapheme-ascii" })
      .filter((one) => /[a-z]/.test(one) && !one.includes("*"))
    fc.assert(
      fc.property(fc.constantFrom(...types), text, text, text, (type, namespace, name, version) => {
        const encoded = (one: string) => encodeURIComponent(one.replaceAll("/", "-").trim())
        const printed = `pkg:${type}/${encoded(namespace)}/${encoded(name)}@${encoded(version)}`
        const decoded = `pkg:${type}/${namespace.replace(/[^a-z]/g, "a")}/${name.replace(/[^a-z]/g, "+")}`
        expect([printed, purlPatternProblem(printed)]).toEqual([printed, undefined])
        expect([printed, matchesPurl(printed, `${printed}?arch=amd64`)]).toEqual([printed, true])
        expect([decoded, matchesPurl(decoded, `${decoded.replaceAll("+", "%2B")}@1`)]).toEqual([decoded, true])
      }),
    )
  })

  it.each([
    ["pkg:npm/a%2Ab", "has an encoded star"],
    ["pkg:npm/a%zz", "has a % that encodes nothing"],
    ["pkg:npm/a?arch=x", "has qualifiers"],
  ])("names what is wrong with %s", (pattern, problem) => {
    expect(purlPatternProblem(pattern)).toContain(problem)
  })

  it("ends soon on purls that are made to be slow", () => {
    expect(matchesPurl(`pkg:npm/${"*a".repeat(200)}b`, `pkg:npm/${"a".repeat(4000)}`)).toBe(false)
  })
})

describe("matchesImage", () => {
  it.each([
    [["registry.example.com/quarantine/*"], true],
    [["registry.example.com/*"], false],
    [["registry.example.com/**"], true],
    [["**/app"], true],
    [["ghcr.io/**", "*/*/app"], true],
    [["quarantine/app"], false],
    [[], false],
  ])("tells for %j: %s", (globs, expected) => {
    expect(matchesImage(globs, image.reference)).toBe(expected)
  })

  it("matches no image that cannot be named", () => {
    expect(matchesImage(["**"], "Not An Image")).toBe(false)
  })
})

describe("an exception", () => {
  const exception = { id: "GHSA-aaaa-bbbb-cccc", images: [], platforms: [], reason: "r" }
  const use = (more: object, finding = aFinding({ aliases: ["ghsa-AAAA-bbbb-cccc"] })) =>
    useForFinding(
      openLedger({ ...defaultPolicy(), exceptions: [{ ...exception, ...more }] }, image.reference, now),
      finding,
      "linux/arm64",
    )

  it("matches by alias, in any case", () => {
    expect(use({})).toBeDefined()
  })

  it("needs the package to match when it names one", () => {
    expect(use({ package: "pkg:deb/debian/bash" })).toBeDefined()
    expect(use({ package: "pkg:deb/debian/zsh" })).toBeUndefined()
    expect(use({ package: "pkg:deb/*" }, aFinding({ id: exception.id, purl: "" }))).toBeUndefined()
  })

  it("covers the package that its purl names as the verdict prints it", () => {
    const purl = "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64&distro=debian-12"
    const found = aFinding({ id: exception.id, purl, package: "libstdc++6", version: "12.2.0-14" })
    expect(use({ package: "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14" }, found)).toBeDefined()
    const python = aFinding({ id: exception.id, purl: "pkg:pypi/typing-extensions@4.12.2" })
    expect(use({ package: "pkg:pypi/typing_extensions" }, python)).toBeDefined()
    expect(use({ package: "pkg:pypi/typing_extension" }, python)).toBeUndefined()
  })

  it("that is there twice, in another case or spelling, is used twice: none of them is told as needless", () => {
    const twice = [
      { ...exception, package: "pkg:deb/debian/bash" },
      { ...exception, package: "pkg:deb/Debian/bash", id: exception.id.toLowerCase() },
      { ...exception, package: "pkg:deb/debian/b%61sh@*" },
    ]
    const ledger = openLedger({ ...defaultPolicy(), exceptions: twice }, image.reference, now)
    const found = aFinding({ id: exception.id, purl: "pkg:deb/debian/bash@5.0?arch=amd64" })
    expect(useForFinding(ledger, found, "linux/amd64")).toBeDefined()
    expect(ledgerOf(ledger).map(({ state, uses }) => [state, uses])).toEqual([
      ["used", 1],
      ["used", 1],
      ["used", 1],
    ])
  })

  it("needs the platform to match when it names some", () => {
    expect(use({ platforms: ["linux/arm64/v8"] })).toBeDefined()
    expect(use({ platforms: ["linux/amd64"] })).toBeUndefined()
  })

  it("holds up to its last moment", () => {
    const expiring = { ...exception, expiresAt: "2026-06-15T12:00:00.000Z" }
    expect(isActive(expiring, now)).toBe(true)
    expect(isActive(expiring, new Date(now.getTime() + 1))).toBe(false)
  })
})

describe("small formats", () => {
  it.each([
    ["2026-12-31", "2026-12-31T23:59:59.999Z"],
    ["2026-12-31T10:00:00+02:00", "2026-12-31T08:00:00.000Z"],
    ["2026-02-30", undefined],
    ["2026-02-30T00:00:00Z", undefined],
    ["31.12.2026", undefined],
    ["2026-12-31T10:00:00", undefined],
    ["tomorrow", undefined],
  ])("reads the expiry %s as %s", (text, expected) => {
    expect(expiryOf(text)).toBe(expected)
  })

  it.each([
    ["48h", 172_800_000],
    ["5d", 432_000_000],
    ["90m", 5_400_000],
    ["0h", undefined],
    ["-1h", undefined],
    ["1.5h", undefined],
    ["5", undefined],
    ["1y", undefined],
  ])("reads the duration %s as %s", (text, expected) => {
    expect(durationOf(text)).toBe(expected)
  })

  it("writes durations in their largest unit", () => {
    expect([172_800_000, 432_000_000, 5_400_000].map(formatDuration)).toEqual(["2d", "5d", "90m"])
  })

  it("takes linux/arm64 and its default variant for one platform", () => {
    expect(matchesPlatform("linux/arm64", "linux/arm64/v8")).toBe(true)
    expect(matchesPlatform("linux/arm/v6", "linux/arm/v7")).toBe(false)
    expect(matchesPlatform("linux/amd64", "unknown")).toBe(false)
  })

  it.each(["CVE-2024-1234", "GHSA-aaaa-bbbb-cccc", "DSA-4613-1", "RHSA-2019:1234", "TEMP-0841856-B18BAF", "GO-2023-1"])(
    "takes %s for the id of a vulnerability",
    (id) => expect(isVulnerabilityId(id)).toBe(true),
  )

  it.each(["", "*", "CVE-*", "CVE", "1-2", "CVE-1|CVE-2", "CVE 1"])("does not take %j for one", (id) => {
    expect(isVulnerabilityId(id)).toBe(false)
  })
})
