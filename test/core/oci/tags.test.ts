import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseDigest } from "../../../core/oci/digest.js"
import {
  digestTags,
  evidenceTags,
  isEvidenceTag,
  isReservedTag,
  referrersTag,
  retiredTag,
} from "../../../core/oci/reserved-tags.js"
import { compareTagVersions, parseTagVersion } from "../../../core/oci/tag-version.js"
import { MAX_TAGS, selectTags, type TagSelection } from "../../../core/oci/tags.js"
import { aDigest, expectCode } from "./fixture.js"

const hex = (length: number) => "0a".repeat(length / 2)

describe("reserved tags", () => {
  it.each([
    ["mirror-history", true],
    [`sha256-${hex(64)}`, true],
    [`sha256-${hex(64)}.sig`, true],
    [`sha256-${hex(64)}.att`, true],
    [`sha256-${hex(64)}.sbom`, true],
    [`sha512-${hex(64)}`, true],
    [`sha512-${hex(128)}`, true],
    [`sha512-${hex(64)}.sig`, true],
    [`sha256-${hex(62)}`, false],
    [`sha256-${hex(64)}.sig.old`, false],
    [`sha256-${hex(64).toUpperCase()}`, false],
    [`x-sha256-${hex(64)}`, false],
    [`sha512-${hex(96)}`, false],
    [`retired-sha256-${hex(64)}`, true],
    [`retired-sha512-${hex(64)}`, true],
    [`retired-sha256-${hex(62)}`, false],
    [`retired-sha256-${hex(64)}.sig`, false],
    ["retired-3.14", false],
    ["mirror-history-2", false],
    ["sha256-tools", false],
  ])("%s is reserved: %s", (tag, expected) => {
    expect(isReservedTag(tag)).toBe(expected)
  })

  it("are those that referrers and cosign use for a digest", () => {
    const digest = aDigest("a")
    const sha512 = parseDigest(`sha512:${hex(128)}`)
    expect(referrersTag(digest)).toBe(digest.replace(":", "-"))
    expect(referrersTag(sha512)).toBe(`sha512-${hex(64)}`)
    expect(digestTags(digest)).toEqual(["sig", "att", "sbom"].map((end) => `${digest.replace(":", "-")}.${end}`))
    expect(digestTags(sha512)).toEqual(["sig", "att", "sbom"].map((end) => `sha512-${hex(64)}.${end}`))
    expect(evidenceTags(digest)).toEqual([referrersTag(digest), ...digestTags(digest)])
    expect([...evidenceTags(digest), ...evidenceTags(sha512)].every(isEvidenceTag)).toBe(true)
    expect([...evidenceTags(digest), ...evidenceTags(sha512)].every(isReservedTag)).toBe(true)
  })

  it("are those of tombstones, which fit into a tag and are no evidence that goes with its image", () => {
    const sha512 = parseDigest(`sha512:${hex(128)}`)
    expect(retiredTag(aDigest("a"))).toBe(`retired-${aDigest("a").replace(":", "-")}`)
    for (const tag of [retiredTag(aDigest("a")), retiredTag(sha512)]) {
      expect(tag.length).toBeLessThanOrEqual(128)
      expect([isReservedTag(tag), isEvidenceTag(tag)]).toEqual([true, false])
    }
    expect(selectTags(["1", retiredTag(sha512), retiredTag(aDigest("a"))])).toEqual(["1"])
  })
})

describe("parseTagVersion", () => {
  it.each([
    ["3.14", "3.14.0", ""],
    ["v1.2.3", "1.2.3", ""],
    ["3.14-slim", "3.14.0", "slim"],
    ["1.24-alpine3.21", "1.24.0", "alpine3.21"],
    ["3.15.0rc1-slim", "3.15.0-rc.1", "slim"],
    ["3.15.0a1", "3.15.0-a.1", ""],
    ["27-ea-slim", "27.0.0-ea.0", "slim"],
    ["27-ea-28-jdk", "27.0.0-ea.28", "jdk"],
    ["1.0.0-beta.2", "1.0.0-beta.2", ""],
    ["24-alpine", "24.0.0", "alpine"],
    ["3.14-bookworm", "3.14.0", "bookworm"],
    ["3.14-alpha1", "3.14.0-alpha.1", ""],
    ["10.0.20348.2340", "10.0.20348", ""],
    ["20260101", "20260101.0.0", ""],
  ])("reads %s as %s with variant %j", (tag, version, variant) => {
    const found = parseTagVersion(tag)
    expect([found?.version.version, found?.variant]).toEqual([version, variant])
  })

  it.each(["latest", "bookworm", "", "-1", "1.2.3.4.5", "99999999999999999999", "v"])("finds none in %j", (tag) => {
    expect(parseTagVersion(tag)).toBeUndefined()
  })
})

describe("selectTags", () => {
  const tags = [
    "3.9",
    "3.14-slim",
    "3.14",
    "3.14.2",
    "3.15.0rc1",
    "latest",
    "2.7",
    "3.14",
    `sha256-${hex(64)}.sig`,
    "mirror-history",
  ]

  it.each<[string, TagSelection, string[]]>([
    ["everything but the reserved", {}, ["2.7", "3.14", "3.14-slim", "3.14.2", "3.15.0rc1", "3.9", "latest"]],
    ["by glob", { glob: ["3.14*", "lat*"] }, ["3.14", "3.14-slim", "3.14.2", "latest"]],
    ["by glob and exclude", { glob: ["3.14*"], exclude: ["*-slim"] }, ["3.14", "3.14.2"]],
    ["by a regex on the whole tag", { regex: "3\\.\\d+" }, ["3.14", "3.9"]],
    ["by alternatives of a regex, each on the whole tag", { regex: "3|2\\.7" }, ["2.7"]],
    ["by range, without pre-releases", { semver: ">=3.10" }, ["3.14", "3.14-slim", "3.14.2"]],
    ["by range with pre-releases when it names one", { semver: ">=3.15.0-0" }, ["3.15.0rc1"]],
    ["the newest", { newest: 2 }, ["3.14.2", "3.14-slim"]],
    ["the newest with pre-releases", { newest: 2, prereleases: true }, ["3.15.0rc1", "3.14.2"]],
    ["the newest of a range, which says itself what it means", { newest: 2, semver: ">=3.15.0-0" }, ["3.15.0rc1"]],
    ["the newest of a glob", { glob: ["3.*"], exclude: ["*rc*"], newest: 2 }, ["3.14.2", "3.14-slim"]],
    ["more than there are", { glob: ["2*"], newest: 9 }, ["2.7"]],
    ["never the reserved", { glob: ["sha256-*", "mirror-*"] }, []],
    ["a leading ! literally", { glob: ["!3.9"] }, []],
  ])("selects %s", (_name, selection, expected) => {
    expect(selectTags(tags, selection)).toEqual(expected)
  })

  it.each<[string, TagSelection]>([
    ["an unbalanced regex", { regex: "(" }],
    ["a regex that closes the group around it", { regex: "a)|(?:b" }],
    ["a long regex", { regex: "a".repeat(257) }],
    ["a range that is none", { semver: "three" }],
    ["an empty glob", { glob: [""] }],
    ["too many globs", { exclude: Array.from({ length: 101 }, () => "a") }],
    ["newest 0", { newest: 0 }],
    ["newest 1.5", { newest: 1.5 }],
  ])("refuses %s", (_name, selection) => {
    expectCode(() => selectTags(tags, selection), "ARGUMENT_INVALID")
  })

  it.each(["regex", "excludeRegex"] as const)("is not held up by a tag that makes %s backtrack", (name) => {
    const tag = `${"a".repeat(127)}!`.replace("!", "_")
    const begun = performance.now()
    expect(selectTags([tag], { [name]: "(a+)+$" })).toEqual(name === "regex" ? [] : [tag])
    expect(performance.now() - begun).toBeLessThan(5000)
  })

  it.each(["(?=a)a", "(a)\\1", "(?<!x)a"])("refuses %s, which linear time cannot have", (regex) => {
    expectCode(() => selectTags(["a"], { regex }), "ARGUMENT_INVALID", /of RE2/)
  })

  it("drops what no client could address", () => {
    expect(selectTags(["--all", "a b", "$(x)", "ok", "a".repeat(129), ""])).toEqual(["ok"])
  })

  it("limits the number of tags", () => {
    expectCode(() => selectTags(Array.from({ length: MAX_TAGS + 1 }, () => "a")), "LIMIT_EXCEEDED")
  })

  it("gives the same for any order of tags", () => {
    const selection = { newest: 4 }
    fc.assert(
      fc.property(fc.shuffledSubarray(tags, { minLength: tags.length }), (shuffled) => {
        expect(selectTags(shuffled, selection)).toEqual(selectTags(tags, selection))
      }),
    )
  })

  it("orders versions by number, not by letter", () => {
    const order = ["1.9", "1.10-rc1", "1.10", "1.10-slim", "1.10.0.2", "2"]
    const versioned = order.flatMap((tag) => ({ tag, version: parseTagVersion(tag) ?? [] })) as Parameters<
      typeof compareTagVersions
    >[0][]
    expect(
      versioned
        .reverse()
        .sort(compareTagVersions)
        .map(({ tag }) => tag),
    ).toEqual(order)
  })
})
