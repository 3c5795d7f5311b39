// What can go wrong: a statement about another package, version, release, architecture, image, tag or digest clears this
// one; one with a wildcard clears all; one about this image does not, because it knows it by another name.
import { describe, expect, it } from "vitest"
import type { Finding } from "../../../core/findings/finding.js"
import { digestOf } from "../../../core/oci/digest.js"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import type { ProductName } from "../../../core/vex/vex-document.js"
import { aFinding, aPlatform, aScan, codesOf, image, now } from "./build-assessment.js"
import { aboutProduct, aStatement, aVex, bash, ownName, withVex } from "./build-vex.js"

const amd64 = digestOf("linux/amd64")
const arm64 = digestOf("linux/arm64")
const upstream = digestOf("upstream index")
const hub: ProductName = { repository: "docker.io/library/python", digests: [upstream], tag: "3.14", by: "provenance" }
const hardened: ProductName = { repository: "dhi.io/alpine-base", digests: [upstream], tag: "3.22", by: "provenance" }
const names = [ownName, hub, hardened]

type Os = { readonly family: string; readonly name: string }
const debian: Os = { family: "debian", name: "13.1" }

function judge(id: string, subcomponents: string[], finding: Partial<Finding> = {}, os: Os = debian) {
  const scan = aScan({ findings: [aFinding(finding)], os: { ...os, endOfLife: false } })
  const platforms = ["linux/amd64", "linux/arm64"].map((name) => aPlatform(name, { scan }))
  const given = withVex(platforms, [aVex([aboutProduct(id, ...subcomponents)])], { products: names })
  return evaluate(given, defaultPolicy(), { now })
}

/** The platforms on which the finding was suppressed. */
const suppressedOn = (...given: Parameters<typeof judge>) =>
  judge(...given)
    .findings.filter(({ judgement }) => judgement === "suppressed")
    .map(({ platform }) => platform)
const both = ["linux/amd64", "linux/arm64"]
const neither: string[] = []

describe("a statement about an image", () => {
  it.each<[string, string[]]>([
    // By reference, under its own name.
    ["registry.example.com/quarantine/app", both],
    ["registry.example.com/quarantine/app:1", both],
    ["registry.example.com/quarantine/app:2", neither],
    [`registry.example.com/quarantine/app@${image.digest}`, both],
    [`registry.example.com/quarantine/app:2@${image.digest}`, both],
    [`registry.example.com/quarantine/app@${amd64}`, ["linux/amd64"]],
    [`registry.example.com/quarantine/app@${arm64}`, ["linux/arm64"]],
    [`registry.example.com/quarantine/app@${digestOf("other")}`, neither],
    [`registry.example.com/quarantine/app@${upstream}`, neither],
    ["registry.example.com/quarantine/application", neither],
    ["registry.example.com/app", neither],
    ["other.example.com/quarantine/app", neither],
    ["quarantine/app", neither],
    // Where it came from, by all of Docker Hub's names.
    ["python", both],
    ["library/python", both],
    ["docker.io/python:3.14", both],
    ["docker.io/library/python:3.14", both],
    ["index.docker.io/library/python", both],
    ["registry-1.docker.io/library/python", both],
    [`python@${upstream}`, both],
    [`python@${image.digest}`, neither],
    ["python:3.13", neither],
    ["ghcr.io/library/python", neither],
    // By package URL.
    ["pkg:docker/python", both],
    ["pkg:docker/library/python@3.14", both],
    ["pkg:docker/python@3.13", neither],
    [`pkg:docker/python@${upstream}`, both],
    [`pkg:docker/python@${encodeURIComponent(upstream)}`, both],
    ["pkg:docker/python?repository_url=https://index.docker.io", both],
    ["pkg:docker/python?repository_url=hub.docker.com", both],
    ["pkg:docker/python?repository_url=ghcr.io", neither],
    ["pkg:docker/quarantine/app?repository_url=registry.example.com", both],
    ["pkg:docker/quarantine/app@1?repository_url=registry.example.com&platform=linux%2Farm64", ["linux/arm64"]],
    ["pkg:docker/python?os_name=debian&os_version=13", both],
    ["pkg:docker/python?os_name=debian&os_version=12", neither],
    ["pkg:oci/python?repository_url=docker.io/library/python", both],
    ["pkg:oci/python?repository_url=docker.io/library", both],
    ["pkg:oci/python?repository_url=index.docker.io%2Flibrary%2Fpython&tag=3.14", both],
    ["pkg:oci/python?repository_url=docker.io/library/python&tag=3.13", neither],
    ["pkg:oci/python?repository_url=ghcr.io/acme/python", neither],
    [`pkg:oci/app@${encodeURIComponent(amd64)}?repository_url=registry.example.com/quarantine/app`, ["linux/amd64"]],
    [`pkg:oci/app@${image.digest}?arch=amd64`, ["linux/amd64"]],
    [`pkg:oci/app@${image.digest}?arch=aarch64`, ["linux/arm64"]],
    [`pkg:oci/app@${image.digest}?os=linux`, both],
    [`pkg:oci/app@${image.digest}?flavour=plain`, neither],
    ["pkg:oci/app", both],
    ["pkg:oci/pp", neither],
    ["pkg:oci/other%2Fapp", neither],
    // Docker's hardened images, by the three names that Docker gives them.
    ["pkg:docker/dhi/alpine-base", both],
    ["pkg:oci/dhi%2Falpine-base", both],
    ["dhi.io/alpine-base:3.22", both],
    ["registry.scout.docker.com/dhi/alpine-base", both],
    ["pkg:docker/acme/alpine-base", neither],
    // What is no name of an image.
    ["cpe:2.3:a:acme:app:1:*:*:*:*:*:*:*", neither],
    ["(app)", neither],
    ["Acme App 1.0", neither],
  ])("%s", (id, platforms) => {
    expect(suppressedOn(id, [])).toEqual(platforms)
  })

  it("speaks of the named packages only", () => {
    expect(suppressedOn("python", [bash])).toEqual(both)
    expect(suppressedOn("python", ["pkg:deb/debian/zsh", bash])).toEqual(both)
    expect(suppressedOn("python", ["pkg:deb/debian/zsh"])).toEqual(neither)
    expect(suppressedOn("python", ["pkg:deb/debian/bash@5.1"])).toEqual(neither)
    expect(suppressedOn("python", ["cpe:2.3:a:gnu:bash:5.0"])).toEqual(neither)
    expect(suppressedOn("ruby", [bash])).toEqual(neither)
  })

  it("speaks of packages without a purl too, when it names none", () => {
    expect(suppressedOn("python", [], { purl: "" })).toEqual(both)
    expect(suppressedOn("python", [bash], { purl: "" })).toEqual(neither)
  })

  it("matches under no name when nobody says which are known", () => {
    const given = withVex(
      [aPlatform("linux/amd64", { scan: aScan({ findings: [aFinding()] }) })],
      [aVex([aboutProduct("app")])],
      { products: [] },
    )
    expect(evaluate(given, defaultPolicy(), { now }).remaining).toEqual(["CVE-2026-1"])
  })
})

describe("a statement about a package", () => {
  const busybox = "pkg:apk/alpine/busybox@1.37.0-r19?arch=x86_64&distro=3.22.1"
  const alpine: Os = { family: "alpine", name: "3.22.1" }

  it.each<[string, string, boolean]>([
    // Name and version.
    ["pkg:deb/debian/bash", bash, true],
    ["pkg:deb/debian/bash@5.0", bash, true],
    ["pkg:deb/debian/bash@5.0#usr/bin", bash, true],
    ["pkg:deb/debian/bash@5", bash, false],
    ["pkg:deb/debian/bas@5.0", bash, false],
    ["pkg:deb/ubuntu/bash@5.0", bash, false],
    ["pkg:apk/debian/bash@5.0", bash, false],
    ["pkg:generic/bash@5.0", bash, false],
    ["pkg:deb/Debian/Bash@5.0", bash, true],
    ["pkg:npm/jsonstream@1", "pkg:npm/JSONStream@1", false],
    ["pkg:pypi/typing_extensions@4", "pkg:pypi/typing-extensions@4", true],
    ["pkg:npm/%40scope/name@1", "pkg:npm/@scope/name@1", true],
    ["pkg:golang/github.com/a/b@v0.35.0", "pkg:golang/github.com/a/b@0.35.0", true],
    ["pkg:deb/debian/libstdc%2B%2B6@12", "pkg:deb/debian/libstdc++6@12", true],
    ["pkg:deb/debian/login@1:4.5", "pkg:deb/debian/login@4.5?epoch=1", true],
    ["pkg:deb/debian/login@4.5", "pkg:deb/debian/login@4.5?epoch=1", false],
    ["pkg:rpm/redhat/openssl@3.0?epoch=1", "pkg:rpm/redhat/openssl@1:3.0", true],
    ["pkg:rpm/redhat/openssl@3.0?epoch=2", "pkg:rpm/redhat/openssl@3.0?epoch=1", false],
    // Qualifiers that only the scanner gives do not count, those of the statement must agree.
    ["pkg:apk/alpine/busybox@1.37.0-r19", busybox, true],
    ["pkg:apk/alpine/busybox@1.37.0-r19?os_name=alpine&os_version=3.22", busybox, true],
    ["pkg:apk/alpine/busybox@1.37.0-r19?os_name=alpine&os_version=3.2", busybox, false],
    ["pkg:apk/alpine/busybox@1.37.0-r19?os_name=alpine&os_version=3.22.10", busybox, false],
    ["pkg:apk/alpine/busybox@1.37.0-r19?os_name=wolfi&os_version=3.22", busybox, false],
    ["pkg:apk/alpine/busybox@1.37.0-r19?distro=alpine-3.22", busybox, true],
    ["pkg:apk/alpine/busybox@1.37.0-r19?distro=3.22.1", busybox, true],
    ["pkg:apk/alpine/busybox@1.37.0-r19?distro=alpine-3.21", busybox, false],
    ["pkg:apk/alpine/busybox@1.37.0-r19?arch=amd64", busybox, true],
    ["pkg:apk/alpine/busybox@1.37.0-r19?arch=aarch64", busybox, false],
    ["pkg:apk/alpine/busybox@1.37.0-r19?colour=red", busybox, false],
    ["pkg:apk/alpine/busybox@1.37.0-r19?arch=amd64&arch=arm64", busybox, false],
    // Docker's three qualifiers against one of the scanner.
    [
      "pkg:apk/dhi/coreutils@9.11-r0?os_distro=alpine&os_name=dhi&os_version=3.24",
      "pkg:apk/dhi/coreutils@9.11-r0?arch=aarch64&distro=dhi-3.24",
      true,
    ],
    [
      "pkg:deb/dhi/coreutils@9.7-3%2Bdhi3?os_distro=debian&os_name=dhi&os_version=13",
      "pkg:deb/dhi/coreutils@9.7-3%2Bdhi3?arch=arm64&distro=dhi-13",
      true,
    ],
    [
      "pkg:deb/dhi/coreutils@9.7-3%2Bdhi3?os_distro=alpine&os_name=dhi&os_version=13",
      "pkg:deb/dhi/coreutils@9.7-3%2Bdhi3?arch=arm64&distro=dhi-13",
      false,
    ],
    ["pkg:deb/debian/bash@5.0?distro=debian-13", "pkg:deb/debian/bash@5.0?distro=debian-13.1", true],
    ["pkg:deb/debian/bash@5.0?distro=trixie", "pkg:deb/debian/bash@5.0?distro=debian-13.1", false],
    ["pkg:maven/g/a@1?type=jar", "pkg:maven/g/a@1", true],
    ["pkg:maven/g/a@1?type=pom", "pkg:maven/g/a@1", false],
  ])("%s against %s: %s", (id, purl, matches) => {
    const [first] = suppressedOn(id, [], { purl })
    expect(first === "linux/amd64").toBe(matches)
    // The same as a part of the image.
    expect(suppressedOn("python", [id], { purl })[0] === "linux/amd64").toBe(matches)
  })

  it("is about the platform's system and architecture where the scanner's purl names none", () => {
    const purl = "pkg:apk/alpine/busybox@1"
    expect(suppressedOn(`${purl}?os_name=alpine&os_version=3.22`, [], { purl }, alpine)).toEqual(both)
    expect(suppressedOn(`${purl}?os_name=alpine&os_version=3.22`, [], { purl })).toEqual(neither)
    expect(suppressedOn(`${purl}?arch=arm64`, [], { purl })).toEqual(["linux/arm64"])
  })

  it("does not speak of its parts: who depends on whom nobody knows", () => {
    expect(suppressedOn("pkg:golang/github.com/a/b", [bash])).toEqual(neither)
    expect(suppressedOn(bash, ["pkg:npm/a"])).toEqual(neither)
  })
})

describe("a statement with a wildcard", () => {
  it.each([
    "*",
    "pkg:*",
    "pkg:npm/*",
    "pkg:deb/debian/bash@*",
    "pkg:deb/debian/%2A",
    "pkg:oci/*",
    "**/app",
    "registry.example.com/*",
    "pkg:deb/debian/{bash,zsh}",
    "pkg:deb/debian/ba[s]h",
    "pkg:deb",
    "pkg:",
    "pkg:deb/",
  ])("matches nothing and is named: %s", (id) => {
    for (const verdict of [judge(id, []), judge("python", [id])]) {
      expect(verdict.remaining).toEqual(["CVE-2026-1"])
      expect(codesOf(verdict, "report")).toContain("VEX_UNUSABLE")
    }
  })

  it("matches nothing without a product", () => {
    const findings = [aFinding()]
    const given = withVex(
      [aPlatform("linux/amd64", { scan: aScan({ findings }) })],
      [aVex([aStatement({ products: [] })])],
    )
    const verdict = evaluate(given, defaultPolicy(), { now })
    expect(verdict.remaining).toEqual(["CVE-2026-1"])
    expect(codesOf(verdict, "report")).toContain("VEX_UNUSABLE")
  })
})

describe("the vulnerability of a statement", () => {
  const matches = (statement: [string, string[]], finding: [string, string[]]) => {
    const [vulnerability, aliases] = statement
    const findings = [aFinding({ id: finding[0], aliases: finding[1] })]
    const vex = aVex([aStatement({ vulnerability, aliases })])
    const given = withVex([aPlatform("linux/amd64", { scan: aScan({ findings }) })], [vex])
    return evaluate(given, defaultPolicy(), { now }).remaining.length === 0
  }

  it.each<[[string, string[]], [string, string[]], boolean]>([
    [["CVE-2026-1", []], ["CVE-2026-1", []], true],
    [["cve-2026-1", []], ["CVE-2026-1", []], true],
    [["CVE-2026-1", []], ["CVE-2026-10", []], false],
    [["DHI-CVE-2026-1-python", ["CVE-2026-1"]], ["CVE-2026-1", []], true],
    [["DHI-CVE-2026-1-python", []], ["CVE-2026-1", []], false],
    [["CVE-2026-1", []], ["GHSA-1", ["cve-2026-1"]], true],
    [["DHI-1", ["CVE-2026-1"]], ["GHSA-1", ["CVE-2026-1"]], true],
    [["DSA-1-1", []], ["CVE-2026-1", ["DSA-1-1"]], true],
    // One advisory is about many vulnerabilities: sharing it does not make two of them one.
    [["CVE-2026-2", ["DSA-1-1"]], ["CVE-2026-1", ["DSA-1-1"]], false],
    [["", [""]], ["CVE-2026-1", [""]], false],
  ])("%j against %j: %s", (statement, finding, expected) => {
    expect(matches(statement, finding)).toBe(expected)
  })
})
