// A Docker Hardened Image on its way through the gate, mirrored to a registry of ours, with the vendor's own documents
// (test/fixtures/dhi). What can go wrong: the interpreter that Trivy passes over in silence counts as clean, the vendor's
// VEX is lost with the mirror's new name, or believed without the vendor's signature.
import { describe, expect, it } from "vitest"
import { readPublicKey } from "../../../core/attestation/public-key.js"
import type { SignatureFact } from "../../../core/attestation/signature.js"
import type { Problem } from "../../../core/findings/assessment.js"
import { parseTrivyReport } from "../../../core/findings/trivy-report.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { unassessedPackages } from "../../../core/sbom/coverage.js"
import { parseSbom } from "../../../core/sbom/sbom.js"
import { vexFromBytes } from "../../../core/vex/read-vex.js"
import type { ProductName, VexDocument } from "../../../core/vex/vex-document.js"
import { fixture } from "../oci/fixture.js"
import { anAssessment, aPlatform, aScan, codesOf, messageOf } from "./build-assessment.js"

const now = new Date("2026-07-20T00:00:00Z")
const amd64 = digestOf("linux/amd64")
const json = (file: string) => JSON.parse(fixture(file).toString()) as Record<string, unknown>

const keyring = json("dhi/dhi-keyring.json") as Record<string, { pem: string; sha256: string }>
const pemOf = (name: string) => keyring[name]?.pem ?? ""
const signedBy = (name: string): SignatureFact => ({
  status: "verified",
  publisher: "docker-hardened-images",
  key: readPublicKey(pemOf(name)).fingerprint,
})

/** A policy file that trusts a key of Docker's keyring for the mirror. */
function policyWith(key: string, more = "") {
  const pem = pemOf(key).trim().replace(/\n/g, "\n        ")
  return parsePolicy(`version: 1
trusted:
  - publisher: docker-hardened-images
    keys:
      - |
        ${pem}
    images: [registry.example.com/quarantine/hardened/**]
${more}`)
}
const accepted = `exceptions:
  - package: pkg:dhi/*
    reason: followed by the vendor's own advisories
    expires: 2026-09-30
`

// Shapes as Trivy writes them: one qualifier for the distribution, with its full release.
const busybox = "pkg:apk/alpine/busybox@1.37.0-r19?arch=x86_64&distro=3.22.1"
const python = "pkg:apk/dhi/python-3.10@3.10.20-r6?arch=x86_64&distro=dhi-3.23"
const row = (id: string, name: string, version: string, purl: string) => ({
  VulnerabilityID: id,
  PkgName: name,
  InstalledVersion: version,
  PkgIdentifier: { PURL: purl },
  Severity: "HIGH",
})

function report(os: { Family: string; Name: string }, ...rows: object[]) {
  const document = {
    SchemaVersion: 2,
    Metadata: { OS: os },
    Results: [{ Target: "dhi", Class: "os-pkgs", Vulnerabilities: rows }],
  }
  return parseTrivyReport(JSON.stringify(document), { platform: "linux/amd64", digest: amd64 })
}
const alpineReport = report(
  { Family: "alpine", Name: "3.22.1" },
  row("CVE-2025-46394", "busybox", "1.37.0-r19", busybox),
  row("CVE-2024-58251", "busybox", "1.37.0-r19", busybox),
)
const pythonReport = report({ Family: "dhi", Name: "3.23" }, row("CVE-2026-3298", "python-3.10", "3.10.20-r6", python))

const image = {
  reference: "registry.example.com/quarantine/hardened/alpine-base:3.22",
  digest: digestOf("index"),
  mediaType: "application/vnd.oci.image.index.v1+json",
}
const names: ProductName[] = [
  {
    repository: "registry.example.com/quarantine/hardened/alpine-base",
    digests: [image.digest, amd64],
    tag: "3.22",
    by: "image",
  },
]
/** What the acquisition provenance that we signed adds. */
const upstream: ProductName = {
  repository: "dhi.io/alpine-base",
  digests: [image.digest, amd64],
  tag: "3.22",
  by: "provenance",
}

/** As Docker attaches it: a bare statement about the platform, signed beside. */
function attached(document: unknown, signature: SignatureFact): VexDocument {
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://openvex.dev/ns/v0.2.0",
    subject: [{ name: "dhi/alpine-base", digest: { sha256: amd64.slice(7) } }],
    predicate: document,
  }
  const source = digestOf("referrer")
  return vexFromBytes(JSON.stringify(statement), { origin: "referrer", source, subject: amd64, signature })
}

type Given = {
  readonly report?: typeof alpineReport
  readonly documents?: readonly VexDocument[]
  readonly products?: readonly ProductName[]
  readonly policy?: ReturnType<typeof policyWith>
  readonly problems?: readonly Problem[]
}

function judge({ report: found = alpineReport, documents, products = names, policy, problems = [] }: Given) {
  const sbom = parseSbom(json("dhi/shim-spdx-python-pkg-dhi.json"))
  const { os, findings } = found
  const unassessed = unassessedPackages(sbom, found.packages)
  const scan = aScan({ ...(os === undefined ? {} : { os }), findings, unassessed })
  const platform = aPlatform("linux/amd64", { digest: amd64, scan, problems })
  const vex = documents === undefined ? {} : { vex: { documents, problems: [], products } }
  const database = { version: 2, updatedAt: "2026-07-19T18:00:00Z" }
  const given = anAssessment([platform], { image, database, ...vex })
  return evaluate(given, policy ?? policyWith("dhi-2.pub"), { now })
}

const notAffected = json("dhi/vex-not-affected-python-3.10.json")

describe("a Docker Hardened Image before VEX", () => {
  it("is blocked for its findings, and for the interpreter that nobody assessed", () => {
    const verdict = judge({ policy: policyWith("dhi-2.pub") })
    expect(verdict.remaining).toEqual(["CVE-2024-58251", "CVE-2025-46394"])
    expect(codesOf(verdict, "block")).toEqual(["FINDINGS", "UNASSESSED"])
    expect(messageOf(verdict, "UNASSESSED")).toContain("pkg:dhi")
  })

  it("stays unassessed without findings too, until an exception names the packages", () => {
    const clean = report({ Family: "alpine", Name: "3.22.1" })
    expect(judge({ report: clean }).outcome).toBe("unassessed")
    const verdict = judge({ report: clean, policy: policyWith("dhi-2.pub", accepted) })
    expect(verdict.outcome).toBe("promote")
    expect(verdict.exceptions).toEqual([expect.objectContaining({ package: "pkg:dhi/*", uses: 1 })])
  })
})

describe("the vendor's VEX", () => {
  it("that is still investigating suppresses nothing, and is known to be about these findings", () => {
    const signed = attached(json("dhi/vex-alpine-base.json"), signedBy("dhi-2.pub"))
    const verdict = judge({ documents: [signed], products: [...names, upstream] })
    expect(verdict.remaining).toEqual(["CVE-2024-58251", "CVE-2025-46394"])
    expect(verdict.vex).toEqual([
      expect.objectContaining({
        trusted: true,
        publisher: "docker-hardened-images",
        suppressed: [],
        unmatched: [],
        statements: 2,
      }),
    ])
  })

  it("suppresses by the CVE that its own id has as alias, and by os_name, os_distro and os_version", () => {
    const before = judge({ report: pythonReport, policy: policyWith("dhi-2.pub", accepted) })
    expect(before.remaining).toEqual(["CVE-2026-3298"])
    const signed = attached(notAffected, signedBy("dhi-2.pub"))
    const after = judge({ report: pythonReport, documents: [signed], policy: policyWith("dhi-2.pub", accepted) })
    expect(after).toMatchObject({ outcome: "promote", remaining: [] })
    expect(after.findings).toEqual([
      expect.objectContaining({
        id: "CVE-2026-3298",
        judgement: "suppressed",
        because: {
          by: "docker-hardened-images",
          statement: expect.stringMatching(
            /^not_affected: vulnerable_code_cannot_be_controlled_by_adversary\. asyncio/,
          ) as string,
          source: `referrer ${digestOf("referrer")}`,
        },
      }),
    ])
  })

  it.each([
    ["another release of the system", "pkg:apk/dhi/python-3.10@3.10.20-r6?arch=x86_64&distro=dhi-3.24"],
    ["Alpine's own package", "pkg:apk/alpine/python-3.10@3.10.20-r6?arch=x86_64&distro=3.23.1"],
    ["another version", "pkg:apk/dhi/python-3.10@3.10.20-r7?arch=x86_64&distro=dhi-3.23"],
    ["another package", "pkg:apk/dhi/python-3.11@3.10.20-r6?arch=x86_64&distro=dhi-3.23"],
    ["a package of unknown release", "pkg:apk/dhi/python-3.10@3.10.20-r6?distro=dhi"],
  ])("says nothing of %s", (_, purl) => {
    const found = report({ Family: "dhi", Name: "3.23" }, row("CVE-2026-3298", "python", "3", purl))
    const verdict = judge({ report: found, documents: [attached(notAffected, signedBy("dhi-2.pub"))] })
    expect(verdict.remaining).toEqual(["CVE-2026-3298"])
    expect(verdict.vex?.[0]?.unmatched).toEqual(["DHI-CVE-2026-3298-python-3.10"])
  })

  it("never makes up for what nobody assessed, nor for a system that the scanner does not know", () => {
    const documents = [attached(notAffected, signedBy("dhi-2.pub"))]
    expect(judge({ report: pythonReport, documents }).outcome).toBe("unassessed")
    const problems: Problem[] = [{ code: "OS_UNSUPPORTED", message: "dhi 3.23 is not supported" }]
    const policy = policyWith("dhi-2.pub", accepted)
    expect(judge({ report: pythonReport, documents, problems, policy }).outcome).toBe("unassessed")
  })
})

describe("the vendor's signature", () => {
  const outcome = (signature: SignatureFact, key = "dhi-2.pub", more = "") => {
    const policy = policyWith(key, accepted + more)
    return judge({ report: pythonReport, documents: [attached(notAffected, signature)], policy })
  }

  it("missing: the document is named with what it would have done, and does nothing", () => {
    const verdict = outcome({ status: "unsigned" })
    expect(verdict.remaining).toEqual(["CVE-2026-3298"])
    expect(messageOf(verdict, "VEX_UNTRUSTED")).toContain("(1 finding that it would have suppressed): it is not signed")
  })

  it("by a key of the keyring that the policy does not list: nothing", () => {
    expect(outcome(signedBy("dhi-2.pub"), "dhi-1.pub").remaining).toEqual(["CVE-2026-3298"])
    expect(outcome(signedBy("dhi-latest.pub")).passed).toBe(true)
  })

  it("broken: the image is stopped", () => {
    expect(codesOf(outcome({ status: "invalid", reason: "digest differs" }), "block")).toContain("SIGNATURE_INVALID")
  })

  it("switched off by the policy: nothing", () => {
    expect(outcome(signedBy("dhi-2.pub"), "dhi-2.pub", "vex:\n  publishers: [other]\n").passed).toBe(false)
  })
})

describe("the mirror's name", () => {
  // The recorded document names packages directly too; this is what it says of them as parts of the image.
  const [first, second] = json("dhi/vex-alpine-base.json")["statements"] as { products: { "@id": string }[] }[]
  const inImage = [first, second].map((statement) => ({
    ...statement,
    status: "not_affected",
    justification: "inline_mitigations_already_exist",
    products: statement?.products.filter((product) => !product["@id"].startsWith("pkg:apk/")),
  }))
  const document = { ...json("dhi/vex-alpine-base.json"), statements: inImage }
  const documents = [attached(document, signedBy("dhi-2.pub"))]
  const policy = policyWith("dhi-2.pub", accepted)

  it("is not the vendor's: statements about the image match through the provenance that we signed", () => {
    expect(judge({ documents, products: [...names, upstream], policy })).toMatchObject({
      outcome: "promote",
      remaining: [],
    })
    const other: ProductName = { ...upstream, repository: "dhi.io/alpine" }
    expect(judge({ documents, products: [...names, other], policy }).passed).toBe(false)
    const [own] = names
    const renamed = own === undefined ? [] : [{ ...own, repository: "registry.example.com/quarantine/hardened/base" }]
    expect(judge({ documents, products: renamed, policy }).remaining).toEqual(["CVE-2024-58251", "CVE-2025-46394"])
  })

  it("is what the publisher is trusted for", () => {
    const elsewhere = { ...policy, trusted: policy.trusted.map((one) => ({ ...one, images: ["ghcr.io/**"] })) }
    expect(judge({ documents, products: [...names, upstream], policy: elsewhere }).passed).toBe(false)
  })
})
