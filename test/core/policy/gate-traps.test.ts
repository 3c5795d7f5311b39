// Every trap of reference/domain.md (section 2.1 "gate traps", section 4, "upstream defects"): what a gate does that
// believes the scanner, and what ours does. Each lets a bad image pass somewhere in the field.
import { describe, expect, it } from "vitest"
import { assessReports } from "../../../core/assess/assess-reports.js"
import type { Assessment } from "../../../core/findings/assessment.js"
import { canonicalJson } from "../../../core/findings/canonical-json.js"
import { parseAssessment } from "../../../core/findings/parse-assessment.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parseManifest } from "../../../core/oci/manifest.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { requireFreshVerdict } from "../../../core/policy/verdict/freshness.js"
import { comparePackages } from "../../../core/sbom/compare-packages.js"
import { compareScans } from "../../../core/sbom/compare-scans.js"
import { vexFromBytes } from "../../../core/vex/read-vex.js"
import { fixture as bytes } from "../oci/fixture.js"
import { aFinding, anAssessment, aPlatform, codesOf, image, now, withFindings } from "./build-assessment.js"
import { anAttachedVex, aStatement, aVex, ownName } from "./build-vex.js"
import {
  aReport,
  believing,
  type ReportDocument,
  resultOf,
  scanned,
  scannedThrough,
  select,
  selected,
} from "./gate-traps.js"

const fixture = (path: string) => JSON.parse(bytes(path).toString())
const cyclonedx = (...components: object[]) => ({ bomFormat: "CycloneDX", specVersion: "1.6", components })
const os = (name: string, version: string) => ({ type: "operating-system", name, version })
const library = (name: string, purl?: string) => ({
  type: "library",
  name,
  version: "1",
  ...(purl === undefined ? {} : { purl }),
})
const oneImage = (platform: Assessment["platforms"][number], more: Partial<Assessment> = {}) =>
  anAssessment([platform], more)

const fluentd = fixture("trivy/report-sbom-fluentd-cyclonedx.json") as ReportDocument
const database = { version: 2, updatedAt: "2026-06-15T06:00:00Z" }
const nothing = aReport()
const clean = aReport("pkg:npm/a@1", "pkg:deb/debian/a@1")
const npm = resultOf("lang-pkgs", "node-pkg", "pkg:npm/a@1")
const debian = resultOf("os-pkgs", "debian", "pkg:deb/debian/a@1")
const high = {
  SchemaVersion: 2,
  Results: [{ Vulnerabilities: [{ VulnerabilityID: "CVE-2026-1", PkgName: "bash", Severity: "HIGH" }] }],
}

type Row = {
  readonly trap: string
  /** What the scanner says, where it is asked; what a gate that believes it does. */
  readonly report?: ReportDocument
  readonly before: "promote" | "blocked"
  readonly image: () => Assessment
  readonly policy?: string
  readonly after: readonly [outcome: string, code: string]
}

const dhi = (name: string) => {
  const { packages, os_release } = fixture(`dhi/example-sbom-id-dhi-${name}.json`)
  const components = packages.map(({ name, version, purl }: Record<string, string>) => ({
    type: "library",
    name,
    version,
    purl,
  }))
  return cyclonedx(os(os_release.ID, os_release.VERSION_ID), ...components)
}

const retractedBy = (products: unknown) => {
  const statements = [{ vulnerability: "CVE-2026-1", status: "affected", products }]
  const content = { "@context": "https://openvex.dev/ns/v0.2.0", author: "Acme", timestamp: "2026-06-10T00:00:00Z" }
  const unsigned = { status: "unsigned" } as const
  const origin = { origin: "file", source: "newer.json", signature: unsigned } as const
  const documents = [aVex(), vexFromBytes(JSON.stringify({ ...content, statements }), origin)]
  return oneImage(withFindings("linux/amd64", aFinding()), { vex: { documents, problems: [], products: [ownName] } })
}

const rows: readonly Row[] = [
  {
    trap: "1: pkg:dhi is a purl type that Trivy passes over in silence: an interpreter without a single CVE",
    report: clean,
    before: "promote",
    image: () => oneImage(scannedThrough(fixture("dhi/shim-spdx-python-pkg-dhi.json"), clean)),
    after: ["unassessed", "UNASSESSED"],
  },
  ...["debian", "alpine"].map((name) => ({
    trap: `2: the coming ID=dhi on ${name}: the OS is unsupported, the error is swallowed, exit 0`,
    report: nothing,
    before: "promote" as const,
    image: () => oneImage(scannedThrough(dhi(name), nothing)),
    after: ["unassessed", "UNASSESSED"] as const,
  })),
  ...[
    ["of an unknown system, which has packages", { OS: { Family: "none" } }],
    ["of a system without advisories", { OS: { Family: "fedora", Name: "42" } }],
    ["whose system nobody recognises", {}],
  ].map(([what, Metadata]) => {
    const report = { SchemaVersion: 2, Metadata, Results: [npm] } as ReportDocument
    return {
      trap: `2: a file system ${what as string}: its OS packages are not even listed, one npm package is, exit 0`,
      report,
      before: "promote" as const,
      image: () => oneImage(scanned(report), { method: "image" }),
      after: ["unassessed", "UNASSESSED"] as const,
    }
  }),
  ...["conda-pkg", "conda-environment"].map((type) => {
    const report = { SchemaVersion: 2, Results: [debian, resultOf("lang-pkgs", type, "pkg:conda/openssl@1.0.1")] }
    return {
      trap: `2: ${type} is listed and has no detector: no finding, exit 0`,
      report: report as ReportDocument,
      before: "promote" as const,
      image: () => oneImage(scanned(report), { method: "image" }),
      after: ["unassessed", "UNASSESSED"] as const,
    }
  }),
  {
    trap: "2: the SBOM puts its npm package into an application of Conda's: listed, never matched",
    report: aReport("pkg:npm/a@1"),
    before: "promote",
    image: () =>
      oneImage(
        scannedThrough(cyclonedx(library("a", "pkg:npm/a@1")), {
          SchemaVersion: 2,
          Results: [resultOf("lang-pkgs", "conda-pkg", "pkg:npm/a@1")],
        }),
      ),
    after: ["unassessed", "UNASSESSED"],
  },
  {
    trap: "3: a bare statement is no SBOM to `trivy sbom`: nothing is read; unwrapped, it has three findings",
    report: nothing,
    before: "promote",
    image: () => oneImage(selected(select(fixture("trivy/sbom-fluentd-cyclonedx.json")), fluentd)),
    policy: "unassessed: report",
    after: ["blocked", "FINDINGS"],
  },
  {
    trap: "4a: of several OS components the first one decides",
    report: clean,
    before: "promote",
    image: () =>
      oneImage(
        selected(select(cyclonedx(os("alpine", "3.23"), os("debian", "13"), library("a", "pkg:npm/a@1"))), clean),
      ),
    after: ["blocked-missing-sbom", "MISSING_SBOM"],
  },
  {
    trap: "4b: a component without a purl, or with an unreadable one, is passed over",
    report: aReport("pkg:composer/pear/core@1.13.1"),
    before: "promote",
    image: () =>
      oneImage(scannedThrough(fixture("trivy/sbom-invalid-purl.cdx.json"), aReport("pkg:composer/pear/core@1.13.1"))),
    after: ["unassessed", "UNASSESSED"],
  },
  {
    trap: "4c: without an OS component no OS package is matched",
    report: aReport("pkg:composer/pear/log@1.13.1"),
    before: "promote",
    image: () =>
      oneImage(
        scannedThrough(fixture("trivy/sbom-third-party-no-os.cdx.json"), aReport("pkg:composer/pear/log@1.13.1")),
      ),
    after: ["unassessed", "UNASSESSED"],
  },
  {
    trap: "5: VEX from a referrer suppresses, whoever attached it: signatures are never verified",
    report: nothing,
    before: "promote",
    image: () =>
      oneImage(withFindings("linux/amd64", aFinding()), {
        vex: { documents: [anAttachedVex({ signature: { status: "unsigned" } })], problems: [], products: [ownName] },
      }),
    after: ["blocked", "FINDINGS"],
  },
  {
    trap: "a VEX retraction that cannot be matched: the statement that it takes back stays in force",
    report: nothing,
    before: "promote",
    image: () => {
      const later = { status: "affected" as const, timestamp: "2026-06-10T00:00:00.000Z" }
      const retraction = aStatement({ ...later, products: [{ id: "pkg:deb/debian/bash*", subcomponents: [] }] })
      const documents = [aVex(), aVex([retraction], { source: "newer.json" })]
      return oneImage(withFindings("linux/amd64", aFinding()), {
        vex: { documents, problems: [], products: [ownName] },
      })
    },
    after: ["blocked", "VEX_CONFLICT"],
  },
  {
    trap: "06: a VEX retraction whose product is named by a hash alone: its whole document goes unread",
    report: nothing,
    before: "promote",
    image: () => retractedBy([{ hashes: { "sha-256": "a".repeat(64) } }]),
    after: ["blocked", "VEX_CONFLICT"],
  },
  {
    trap: "06: a VEX retraction under two package URLs: its whole document goes unread",
    report: nothing,
    before: "promote",
    image: () => retractedBy([{ "@id": "pkg:deb/debian/bash", identifiers: { purl: "pkg:deb/debian/bash@5.0" } }]),
    after: ["blocked", "VEX_CONFLICT"],
  },
  {
    trap: "06: a VEX document that cannot be read may have been a retraction",
    report: nothing,
    before: "promote",
    image: () =>
      oneImage(withFindings("linux/amd64", aFinding()), {
        vex: {
          documents: [aVex()],
          problems: [{ source: "newer.json", origin: "file", message: "is not JSON" }],
          products: [ownName],
        },
      }),
    after: ["blocked", "VEX_CONFLICT"],
  },
  {
    trap: "section 4: a report without Results: nothing was recognised, which is not clean",
    report: { SchemaVersion: 2 } as ReportDocument,
    before: "promote",
    image: () => oneImage(scanned({ SchemaVersion: 2 })),
    after: ["unassessed", "UNASSESSED"],
  },
  {
    trap: "section 4: the database may be of any age: exit 0 with one of 2022",
    report: clean,
    before: "promote",
    image: () =>
      oneImage(scanned(clean), {
        database: { version: 2, updatedAt: fixture("trivy-db/metadata-2022.json").UpdatedAt },
      }),
    after: ["unassessed", "DATABASE_STALE"],
  },
  {
    trap: "section 4: nobody says which database it was",
    report: clean,
    before: "promote",
    image: () => {
      const { database: _, ...rest } = oneImage(scanned(clean))
      return rest
    },
    after: ["unassessed", "DATABASE_UNKNOWN"],
  },
  {
    trap: "section 4: an OS past its end has no new advisories: 0 at HIGH, exit 0",
    report: fixture("trivy/report-image-alpine310.json"),
    before: "promote",
    image: () => oneImage(scanned(fixture("trivy/report-image-alpine310.json"))),
    after: ["unassessed", "END_OF_LIFE"],
  },
  {
    trap: "section 4: an id without a record has severity UNKNOWN and is at no threshold",
    report: { Results: [{ Vulnerabilities: [{ Severity: "UNKNOWN" }] }] },
    before: "promote",
    image: () => oneImage(withFindings("linux/amd64", aFinding({ severity: "UNKNOWN" }))),
    policy: "unknown-severity: block",
    after: ["blocked", "UNKNOWN_SEVERITY"],
  },
  {
    trap: "section 1: the scanner itself is one of the malicious releases of 2026",
    report: clean,
    before: "promote",
    image: () => oneImage(scanned(clean), { tools: [{ name: "trivy", version: "0.69.4" }] }),
    after: ["blocked", "TOOL_DENIED"],
  },
  {
    trap: "section 1: a pin by the digest of one child: the other platforms are never seen",
    report: clean,
    before: "promote",
    image: () => oneImage(scanned(clean)),
    policy: "platforms: {required: [linux/amd64, linux/arm64]}",
    after: ["blocked", "PLATFORM_MISSING"],
  },
  {
    trap: "upstream: `trivy image` without --platform looks at linux/amd64 only",
    report: clean,
    before: "promote",
    image: () => anAssessment([scanned(clean), scanned(high, "linux/arm64")]),
    after: ["blocked", "FINDINGS"],
  },
  {
    trap: "upstream: the SBOM is the first layer of the first in-toto referrer: Docker Scout's own format",
    report: nothing,
    before: "promote",
    image: () => oneImage(selected(select({ packages: [] }, "https://scout.docker.com/sbom/v0.1"), nothing)),
    after: ["blocked-missing-sbom", "MISSING_SBOM"],
  },
  {
    trap: "upstream: the statement's subject is never compared: the SBOM of another image",
    report: clean,
    before: "promote",
    image: () => oneImage(selected(select(cyclonedx(library("a", "pkg:npm/a@1")), undefined, "another image"), clean)),
    after: ["blocked-missing-sbom", "MISSING_SBOM"],
  },
  {
    trap: "upstream: an SBOM without packages is scanned: nothing found, pass",
    report: nothing,
    before: "promote",
    image: () => oneImage(selected(select(cyclonedx()), nothing)),
    after: ["blocked-missing-sbom", "MISSING_SBOM"],
  },
  {
    trap: "upstream: findings are counted by id only: excepted on one platform means excepted on all",
    before: "promote",
    image: () => anAssessment([withFindings("linux/amd64", aFinding()), withFindings("linux/arm64", aFinding())]),
    policy: "exceptions: [{id: CVE-2026-1, platforms: [linux/arm64], reason: r}]",
    after: ["blocked", "FINDINGS"],
  },
  {
    trap: "a planted SBOM without the vulnerable package: the scan of it is clean",
    report: clean,
    before: "promote",
    image: () =>
      oneImage({ ...scanned(clean), comparison: comparePackages(["pkg:npm/a@1"], ["pkg:npm/a@1", "pkg:npm/evil@1"]) }),
    policy: "cross-examination: block",
    after: ["blocked", "SBOM_MISMATCH"],
  },
  {
    trap: "a planted SBOM with the right packages of another release: no advisory matches",
    report: clean,
    before: "promote",
    image: () =>
      oneImage({
        ...scanned(clean),
        comparison: {
          ...comparePackages(["pkg:npm/a@1"], ["pkg:npm/a@1"]),
          ...compareScans(
            { os: { family: "alpine", name: "3.99.0", endOfLife: false }, findings: [], suppressed: [] },
            { os: { family: "alpine", name: "3.10.2", endOfLife: true }, findings: [aFinding()], suppressed: [] },
          ),
        },
      }),
    policy: "cross-examination: block",
    after: ["blocked", "SBOM_MISMATCH"],
  },
  {
    trap: "an empty set of reports: no finding in any",
    report: nothing,
    before: "promote",
    image: () => assessReports([], { now, database }),
    after: ["blocked", "NO_INPUT"],
  },
  {
    trap: "a report that was cut short: `|| true` makes it a clean one",
    before: "promote",
    image: () => assessReports([{ name: "report.json", text: '{"SchemaVersion": 2, "Results": [' }], { now, database }),
    after: ["blocked", "SCAN_FAILED"],
  },
]

describe("gate traps", () => {
  it.each(rows)("$trap", ({ report, before, image: imageOf, policy = "", after: [outcome, code] }) => {
    if (report !== undefined) expect(believing(report)).toBe(before)
    const verdict = evaluate(imageOf(), parsePolicy(`version: 1\n${policy}`), { now })
    expect(verdict).toMatchObject({ outcome, passed: false })
    expect(codesOf(verdict, "block")).toContain(code)
  })

  it.each(rows)("replays: $trap", ({ image: imageOf, policy = "" }) => {
    const [assessment, rules] = [imageOf(), parsePolicy(`version: 1\n${policy}`)]
    const again = parseAssessment(canonicalJson(assessment))
    expect(canonicalJson(evaluate(again, rules, { now }))).toBe(canonicalJson(evaluate(assessment, rules, { now })))
  })

  it("section 4: the exit code is 0 with findings, too; the report decides", () => {
    expect(believing(fluentd)).toBe("blocked")
    const verdict = evaluate(oneImage(scanned(fluentd)), parsePolicy("version: 1"), { now })
    expect(verdict.remaining).toEqual(["CVE-2019-18224", "CVE-2020-8165"])
  })

  it("2.2: BuildKit's unknown/unknown is an attestation, not a platform to scan", () => {
    const index = parseManifest(bytes("oci/buildkit-index.json").toString(), { reference: "registry.test/app" })
    if (index.kind !== "index") throw new Error("not an index")
    const listed = fixture("oci/buildkit-index.json").manifests as { platform: { os: string; architecture: string } }[]
    const naive = listed.map(({ platform }) => `${platform.os}/${platform.architecture}`)
    expect(naive).toEqual(["linux/amd64", "unknown/unknown"])
    expect([index.platforms.length, index.attestations.length]).toEqual([1, 1])
  })

  it("what Trivy itself suppressed is gone from its list of findings; here it is kept with its reason", () => {
    const report = fixture("trivy/report-with-suppressed.json")
    const listed = report.Results.flatMap((one: { Vulnerabilities?: unknown[] }) => one.Vulnerabilities ?? [])
    const verdict = evaluate(oneImage(scanned(report)), parsePolicy("version: 1"), { now })
    expect(listed).toHaveLength(1)
    expect(verdict.findings).toHaveLength(2)
    expect(verdict.findings.find(({ judgement }) => judgement === "suppressed")?.because?.by).toBe("trivy")
  })

  it("upstream: the gate is asked about a tag, which moves; here verdict and override are about a digest", () => {
    const judged = oneImage(withFindings("linux/amd64", aFinding()))
    const moved = { ...judged, image: { ...image, digest: digestOf("another image under the same tag") } }
    expect(moved.image.reference).toBe(judged.image.reference)
    const override = {
      ...{ digest: judged.image.digest, approver: "jane", reason: "r", reference: "i", cves: ["CVE-2026-1"] },
      ...{ expires: "2026-06-20T00:00:00Z", grantedAt: "2026-06-15T00:00:00Z" },
    }
    const policy = parsePolicy("version: 1")
    expect(evaluate(judged, policy, { now, override }).passed).toBe(true)
    expect(evaluate(moved, policy, { now, override })).toMatchObject({ passed: false, image: moved.image })
  })

  it("a verdict of last month still says promote; here it is too old to act on", () => {
    const policy = parsePolicy("version: 1")
    const old = evaluate(anAssessment([aPlatform("linux/amd64")]), policy, { now })
    expect(old.outcome).toBe("promote")
    expect(() => requireFreshVerdict(old, policy, new Date("2026-07-15T12:00:00Z"))).toThrow("[VERDICT_STALE]")
  })
})
