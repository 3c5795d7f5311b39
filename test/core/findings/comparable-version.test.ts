// What can go wrong: a version that the scanner cannot parse counts as compared, and its package as clean.
import { describe, expect, it } from "vitest"
import { isComparable } from "../../../core/findings/comparable-version.js"

const good: Readonly<Record<string, readonly string[]>> = {
  npm: ["4.17.20", "1.0.0-beta.1+exp.sha.5114f85", "0.0.0"],
  pypi: ["5.3", "v1.0", "1!2.0", "2.0.0rc1", "1.0.post1", "1.0.dev3", "1.0a", "1.0-1", "2.4.0+cu121"],
  golang: ["v1.2.3", "1.22.1", "v2.8.0+incompatible", "v0.0.0-20190308221718-c2843e01d9a2"],
  maven: ["2.9.10.3", "31.1-jre", "1.0.0.RELEASE", "20040616"],
  gem: ["6.0.3", "1.0.0.rc1", "2.0.0.pre.3", "0.9.2b"],
  cargo: ["0.1.2", "1.0.0-alpha.1"],
  composer: ["v5.4.1", "1.0.0-RC1"],
  nuget: ["13.0.1", "4.3.0.1", "1.0.0-preview.5"],
  deb: ["3.0.15-1~deb12u1", "1:2.38.1-5+b1", "2.36-9+deb12u4", "20230311"],
  rpm: ["1.1.1k-7.el8_6", "1:1.2.3-4", "2.34", "1.0~rc1^git1-1.fc40"],
  apk: ["1.1.1c-r0", "2.9.4_p1-r3", "1.2.3_git20210101-r0", "9.1a", "20240101-r0"],
}
const bad: Readonly<Record<string, readonly string[]>> = {
  npm: ["v4.17.20", "=4.17.20", "4.17", "04.17.20", "4.17.20 ", "4.x", "latest", "^4.17.20"],
  pypi: ["5.3 ", "5.x", "==5.3", "5.3+sp1", "5.3-java", "٥.3"],
  golang: ["(devel)", "", "main", "v1.2.3 ", "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c", "go1.22"],
  maven: ["${project.version}", "RELEASE", "[1.0]", "v1.0", "9.4.48+sp1", "0f1e2d3c"],
  gem: ["1.13.10-x86_64-linux", "6.0.3-java", "6.0.x", "6.O.3", ""],
  cargo: ["1.0.0 (git)", "*"],
  composer: ["dev-main", "5.4.x-dev", "self.version"],
  nuget: ["$(Version)", "13.*", "[13.0.1]"],
  deb: ["3.0.15-1 deb12u1", "x:1.0", ":1.0", "-1:1.0", "1.0_1", "unknown", "1.0-", "1:1:1.0"],
  rpm: ["1.0 1", "", "-1", "1.0-1 x"],
  apk: ["1.1.1c r0", "1.1.1c-r", "v1.1", "1.1_foo", "1.1.", "latest"],
}
const rows = (all: typeof good) => Object.entries(all).flatMap(([type, versions]) => versions.map((one) => [type, one]))

describe("isComparable", () => {
  it.each(rows(good))("is true for %s %j", (type, version) => {
    expect(isComparable(type ?? "", version ?? "")).toBe(true)
  })

  it.each(rows(bad))("is false for %s %j", (type, version) => {
    expect(isComparable(type ?? "", version ?? "")).toBe(false)
  })

  it("is false for more digits than 64 bits hold, for endless ones, and for a kind that nobody knows", () => {
    for (const type of Object.keys(good)) {
      expect(isComparable(type, "1.99999999999999999999")).toBe(false)
      expect(isComparable(type, `1${".1".repeat(200_000)}`)).toBe(false)
    }
    expect(isComparable("conda", "1.0.1")).toBe(false)
    expect(isComparable("constructor", "1")).toBe(false)
  })
})
