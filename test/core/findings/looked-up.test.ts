// What can go wrong: a package counts as assessed though the scanner looked another name up, or none of its advisories.
import { describe, expect, it } from "vitest"
import { parseTrivyReport } from "../../../core/findings/trivy-report.js"

type Fields = Readonly<Record<string, unknown>>

function whyOf(Type: string, PURL: string, more: Fields): string | undefined {
  const Class = /^(debian|alpine|alma|amazon|oracle|rocky|redhat|wolfi|photon)$/.test(Type) ? "os-pkgs" : "lang-pkgs"
  const Results = [{ Class, Type, Packages: [{ Identifier: { PURL }, ...more }] }]
  const text = JSON.stringify({ SchemaVersion: 2, Results })
  const { unmatched, packages } = parseTrivyReport(text, { platform: "linux/amd64", digest: "-" })
  expect(unmatched.length + packages.length).toBe(1)
  return unmatched[0]?.reason
}

describe("a package is assessed", () => {
  it.each<[string, string, Fields]>([
    ["node-pkg", "pkg:npm/%40babel/core@7.0.0", { Name: "@babel/core", Version: "7.0.0" }],
    ["node-pkg", "pkg:npm/lodash@4.17.20", { Name: "Lodash", Version: "4.17.20" }],
    ["python-pkg", "pkg:pypi/typing-extensions@4.0", { Name: "typing_extensions", Version: "4.0" }],
    [
      "gobinary",
      "pkg:golang/github.com/masterminds/semver@v1.5.0",
      { Name: "github.com/Masterminds/semver", Version: "v1.5.0" },
    ],
    [
      "gobinary",
      "pkg:golang/github.com/caarlos0/env@v11.3.1#v11",
      { Name: "github.com/caarlos0/env/v11", Version: "v11.3.1" },
    ],
    ["jar", "pkg:maven/org.a/b@1.0", { Name: "org.a:b", Version: "1.0" }],
    [
      "swift",
      "pkg:swift/github.com/apple/swift-nio@2.0.0",
      { Name: "https://github.com/apple/swift-nio.git", Version: "2.0.0" },
    ],
    [
      "debian",
      "pkg:deb/debian/libssl3@3.0.15-1",
      { Name: "libssl3", Version: "3.0.15", Release: "1", SrcName: "openssl", SrcVersion: "3.0.15", SrcRelease: "1" },
    ],
    [
      "debian",
      "pkg:deb/debian/libssl3@3.0.15-1?upstream=openssl%403.0.15-1",
      { Name: "libssl3", Version: "3.0.15-1", SrcName: "openssl", SrcVersion: "3.0.15-1" },
    ],
    [
      "redhat",
      "pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?upstream=openssl-3.0.7-27.el9.src.rpm",
      { Name: "openssl-libs", Version: "3.0.7", Release: "27.el9", Epoch: 1, Arch: "x86_64" },
    ],
    ["rocky", "pkg:rpm/rocky/glibc@2.34-100.el9", { Name: "glibc", Version: "2.34", Release: "100.el9", Arch: "i686" }],
    [
      "rocky",
      "pkg:rpm/rocky/tzdata@2024a-1.el9",
      { Name: "tzdata", Version: "2024a", Release: "1.el9", Arch: "noarch" },
    ],
    ["amazon", "pkg:rpm/amazon/a@1-1", { Name: "a", Version: "1-1" }],
    [
      "redhat",
      "pkg:rpm/redhat/npm@1-1.module%2Bel8?modularitylabel=nodejs:12:8030:22",
      { Name: "npm", Version: "1", Release: "1.module+el8", Arch: "x86_64", Modularitylabel: "nodejs:12:8030:22" },
    ],
    ["redhat", "pkg:rpm/redhat/gpg-pubkey@x", { Name: "gpg-pubkey", Version: "?" }],
    [
      "alma",
      "pkg:rpm/alma/a@1-1.module_el8?modularitylabel=a:1:2:c",
      { Name: "a", Version: "1", Release: "1.module_el8", Modularitylabel: "a:1:2:c" },
    ],
  ])("looked up as %s %s", (type, purl, fields) => {
    expect(whyOf(type, purl, fields)).toBeUndefined()
  })
})

describe("a package is not assessed", () => {
  it.each<[string, string, Fields, string]>([
    [
      "gobinary",
      "pkg:golang/stdlib@1.20#net/http",
      { Name: "stdlib/net/http", Version: "1.20" },
      'it was looked up as "stdlib/net/http", not as "stdlib"',
    ],
    [
      "rocky",
      "pkg:rpm/rocky/a@1-1",
      { Name: "a", Version: "1-1" },
      "it names no architecture, by which its advisories are kept",
    ],
    [
      "oracle",
      "pkg:rpm/oracle/a@1-1?arch=amd64",
      { Name: "a", Version: "1-1", Arch: "amd64" },
      'it was looked up for the architecture "amd64", not for linux/amd64',
    ],
    [
      "redhat",
      "pkg:rpm/redhat/a@1-1?arch=s390x",
      { Name: "a", Version: "1-1", Arch: "s390x" },
      'it was looked up for the architecture "s390x", not for linux/amd64',
    ],
    [
      "redhat",
      "pkg:rpm/redhat/npm@1-1.module%2Bel8?arch=x86_64",
      { Name: "npm", Version: "1-1.module+el8", Arch: "x86_64" },
      "it is of a module stream that is not named",
    ],
    [
      "rocky",
      "pkg:rpm/rocky/npm@1-1.module%2Bel8?arch=x86_64&modularitylabel=nodejs:12",
      { Name: "npm", Version: "1-1.module+el8", Arch: "x86_64", Modularitylabel: "nodejs:12" },
      "it is of a module stream that is not named",
    ],
    [
      "redhat",
      "pkg:rpm/redhat/a@1-1?arch=x86_64",
      { Name: "a", Version: "1-1", Arch: "x86_64", Modularitylabel: "x:1:2:c" },
      'it was looked up in the module stream "x:1:2:c", not in ""',
    ],
    [
      "node-pkg",
      "pkg:npm/lodash@4.17.20",
      { Name: "renamed", Version: "4.17.20" },
      'looked up as "renamed", not as "lodash"',
    ],
    ["node-pkg", "pkg:npm/lodash@4.17.20", { Name: "npm:lodash", Version: "4.17.20" }, 'looked up as "npm:lodash"'],
    ["node-pkg", "pkg:npm/%40babel/core@7.0.0", { Name: "core", Version: "7.0.0" }, 'not as "@babel/core"'],
    [
      "node-pkg",
      "pkg:npm/lodash@v4.17.20",
      { Name: "lodash", Version: "v4.17.20" },
      'cannot compare its version "v4.17.20"',
    ],
    ["node-pkg", "pkg:npm/lodash", { Name: "lodash" }, "it has no version"],
    ["python-pkg", "pkg:pypi/ruamel.yaml@1.0", { Name: "ruamel-yaml", Version: "1.0" }, 'not as "ruamel.yaml"'],
    ["jar", "pkg:maven/org.a%2Fb@1.0", { Name: "org.a/b", Version: "1.0" }, "no group and artifact of Maven"],
    ["debian", "pkg:deb/debian/openssl@3.0.15-1", { Name: "OpenSSL", Version: "3.0.15-1" }, 'looked up as "OpenSSL"'],
    ["debian", "pkg:deb/debian/openssl@3.0.15-1", { Name: "debian/openssl", Version: "3.0.15-1" }, "looked up as"],
    [
      "debian",
      "pkg:deb/debian/libssl3@3.0.15-1?upstream=openssl",
      { Name: "libssl3", Version: "3.0.15-1", SrcName: "libssl3", SrcVersion: "3.0.15-1" },
      'source package was looked up as "libssl3", not as "openssl"',
    ],
    [
      "alpine",
      "pkg:apk/alpine/libssl1.1@1.1.1c-r0?upstream=openssl",
      { Name: "libssl1.1", Version: "1.1.1c-r0" },
      'not as "openssl"',
    ],
    [
      "debian",
      "pkg:deb/debian/a@1-1",
      { Name: "a", Version: "1-1", SrcName: "b", SrcVersion: "1 1" },
      'its version "1 1"',
    ],
    ["debian", "pkg:deb/debian/a@1-1", { Name: "a", Version: "1-1", SrcName: "b" }, "it has no version"],
    ["alma", "pkg:rpm/alma/a@1-1.module_el8", { Name: "a", Version: "1", Release: "1.module_el8" }, "module stream"],
    ["conda-pkg", "pkg:conda/a@1", { Name: "a", Version: "1" }, "no detector"],
  ])("looked up as %s %s %j", (type, purl, fields, why) => {
    expect(whyOf(type, purl, fields)).toContain(why)
  })
})
