// What can go wrong: a package that the scanner only lists passes for one that it looked up: no detector for its kind, put
// under another kind by its SBOM, or built by somebody whom the distribution's advisories do not know.
import { describe, expect, it } from "vitest"
import { isMatched } from "../../../core/findings/matched-packages.js"
import { parseTrivyReport } from "../../../core/findings/trivy-report.js"

const listed = (resultClass: string, resultType: string, purl: string, repository = "") =>
  isMatched({ resultClass, resultType, purl, repository })

describe("isMatched", () => {
  it.each([
    ["conda-pkg", "pkg:conda/openssl@1.0.1"],
    ["conda-environment", "pkg:conda/openssl@1.0.1"],
    ["eks", "pkg:k8s/eks/kubelet@1"],
    ["cran", "pkg:cran/x@1"],
    ["", "pkg:conda/openssl@1.0.1"],
    ["", ""],
    ["constructor", "pkg:constructor/x@1"],
  ])("is false without a detector: a result of type %j with %j", (type, purl) => {
    expect(listed("lang-pkgs", type, purl)).toBe(false)
  })

  it.each([
    ["lang-pkgs", "pub", "pkg:npm/lodash@4.17.20"],
    ["lang-pkgs", "npm", "pkg:apk/alpine/openssl@1.1.1"],
    ["os-pkgs", "debian", "pkg:npm/lodash@4.17.20"],
    ["os-pkgs", "debian", "pkg:apk/alpine/openssl@1.1.1"],
    ["os-pkgs", "a system of tomorrow", "pkg:npm/lodash@4.17.20"],
  ])("is false where it is looked up as another kind: class %s, type %s, %s", (resultClass, type, purl) => {
    expect(listed(resultClass, type, purl)).toBe(false)
  })

  it("is false for what another vendor than the distribution built", () => {
    expect(listed("os-pkgs", "debian", "pkg:deb/debian/docker-ce@1", "third-party")).toBe(false)
    expect(listed("os-pkgs", "debian", "pkg:deb/debian/bash@1", "official")).toBe(true)
  })

  it.each([
    ["os-pkgs", "debian", "pkg:deb/debian/bash@1"],
    ["os-pkgs", "wolfi", "pkg:apk/wolfi/bash@1"],
    ["os-pkgs", "bottlerocket", "pkg:bottlerocket/kernel@1"],
    ["os-pkgs", "a system of tomorrow", "pkg:rpm/tomorrow/bash@1"],
    ["lang-pkgs", "gradle", "pkg:maven/a/b@1"],
    ["lang-pkgs", "kubernetes", "pkg:k8s/k8s.io%2Fkubelet@1"],
    ["lang-pkgs", "javascript", "pkg:javascript/jquery@1"],
    ["lang-pkgs", "node-pkg", ""],
    ["", "", "pkg:npm/a@1"],
  ])("is true for class %j, type %j, %j", (resultClass, type, purl) => {
    expect(listed(resultClass, type, purl)).toBe(true)
  })
})

describe("a report", () => {
  const reportOf = (...Results: object[]) =>
    parseTrivyReport(JSON.stringify({ SchemaVersion: 2, Results }), { platform: "linux/amd64", digest: "-" })
  const conda = { Name: "openssl", Version: "1.0.1", Identifier: { PURL: "pkg:conda/openssl@1.0.1" } }
  const bash = { Name: "bash", Version: "5", Identifier: { PURL: "pkg:deb/debian/bash@5" } }

  it("does not count what it only lists as recognised, and names it once", () => {
    const report = reportOf({ Class: "lang-pkgs", Type: "conda-pkg", Packages: [conda, conda] })
    expect(report).toMatchObject({
      ...{ packages: [], recognised: 0, matchedOs: false },
      unmatched: [{ purl: "pkg:conda/openssl@1.0.1", name: "openssl", version: "1.0.1" }],
    })
  })

  it("says whether packages of an operating system were looked up", () => {
    const third = { ...bash, Repository: { Class: "third-party" } }
    expect(reportOf({ Class: "os-pkgs", Type: "debian", Packages: [bash] }).matchedOs).toBe(true)
    expect(reportOf({ Class: "os-pkgs", Type: "debian", Packages: [third] }).matchedOs).toBe(false)
    expect(reportOf({ Class: "os-pkgs", Type: "debian" }).matchedOs).toBe(false)
    const found = { VulnerabilityID: "CVE-2026-1", PkgName: "bash" }
    expect(reportOf({ Class: "os-pkgs", Type: "debian", Vulnerabilities: [found] }).matchedOs).toBe(true)
  })
})
