// The reports that are opened in a browser and shown in the documentation: what a house would have, in numbers that are met.
import type { Assessment, PlatformAssessment } from "../../core/findings/assessment.js"
import type { Finding } from "../../core/findings/finding.js"
import { digestOf } from "../../core/oci/digest.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import type { EarlierResult, Report, ReportedInventory } from "../../core/report/report.js"
import { aFinding, anAssessment, aPlatform, aScan, now } from "../core/policy/build-assessment.js"
import { aBigRun } from "../core/report/report-world.js"

const policy = parsePolicy(
  `version: 1
trusted:
  - publisher: Docker
    identities: [{ issuer: https://accounts.example, subject: builds@docker.example }]
exceptions:
  - { id: CVE-2026-2004, reason: the parser is not reachable from the network, owner: team-images, expires: 2026-06-18 }`,
  "policy.yaml",
)
const generatedAt = now.toISOString()
const image = {
  reference: "ghcr.io/acme/quarantine/python:3.14-slim",
  digest: digestOf("index of python"),
  mediaType: "application/vnd.oci.image.index.v1+json",
}
const signed = {
  status: "verified",
  publisher: "Docker",
  key: "https://accounts.example builds@docker.example",
} as const

function platform(name: string, findings: readonly Finding[]): PlatformAssessment {
  const sbom = {
    ...{ predicateType: "https://cyclonedx.org/bom/v1.6", referrer: digestOf(`sbom ${name}`), blob: digestOf(name) },
    ...({ components: 143, envelope: "dsse", format: "cyclonedx", signature: signed } as const),
  } as const
  const attestations = [
    { predicateType: "https://slsa.dev/provenance/v1", referrer: digestOf(`provenance ${name}`), signature: signed },
    {
      predicateType: "https://scout.docker.com/secrets/v0.1",
      referrer: digestOf(`secrets ${name}`),
      signature: { status: "unsigned" },
    },
  ] as const
  const scan = aScan({ packages: 143, findings: [...findings] })
  return aPlatform(name, { scan, sbom, attestations: [...attestations] })
}

function flaw(number: number, severity: Finding["severity"], name: string, more: Partial<Finding> = {}): Finding {
  const [version, id] = [more.version ?? "1.2.0", `CVE-2026-${number}`]
  const purl = `pkg:deb/debian/${name}@${version}`
  return aFinding({ id, severity, package: name, version, purl, url: `https://avd.example/${id}`, ...more })
}

const low = [flaw(2001, "LOW", "tar"), flaw(2002, "MEDIUM", "ncurses"), flaw(2003, "LOW", "shadow")]
const accepted = flaw(2004, "HIGH", "libexpat1", { version: "2.7.1-2" })
const stopping = [
  flaw(1501, "CRITICAL", "openssl", {
    version: "3.5.0-1",
    fixedVersion: "3.5.1-1",
    title: "a forged certificate passes",
  }),
  flaw(1502, "HIGH", "libsqlite3-0", { version: "3.46.1-7", fixedVersion: "3.46.1-8" }),
  flaw(1503, "HIGH", "zlib1g", { version: "1.3.1" }),
]

function gated(assessment: Assessment): Report {
  const verdict = evaluate(assessment, policy, { now })
  const name = image.reference
  const images = [{ name, digest: image.digest, outcome: verdict.outcome, assessment, verdict }]
  return { title: name, generatedAt, kind: "gate", images }
}

const names = ["linux/amd64", "linux/arm64"]

export const passingRun = gated(
  anAssessment(
    names.map((name) => platform(name, [...low, accepted])),
    { image },
  ),
)
export const blockedRun = gated(
  anAssessment(
    names.map((name, at) => platform(name, [...stopping.slice(at), accepted, ...low])),
    { image },
  ),
)
export const bigRun = aBigRun(200)

const day = (count: number) => new Date(now.getTime() + count * 86_400_000).toISOString()

function row(tag: string, more: Partial<ReportedInventory["rows"][number]>): ReportedInventory["rows"][number] {
  const digest = digestOf(tag)
  return { tag, state: "proven", digest, problems: [], timeVerified: day(-1), provenUntil: day(6), ends: [], ...more }
}

const exception = { what: "the exception for CVE-2026-2004", owner: "team-images", expires: day(3) }
const golden: ReportedInventory = {
  repository: "ghcr.io/acme/golden/python",
  checkedAt: generatedAt,
  rows: [
    row("3.14-slim", {}),
    row("3.14", { provenUntil: day(3), ends: [exception] }),
    row("3.13-slim", { timeVerified: day(-3), provenUntil: day(4) }),
    row("3.12", {
      state: "unproven",
      problems: ["its newest verification of 2026-06-14T12:00:00Z FAILED: CVE-2026-1501, CVE-2026-1502"],
    }),
    row("3.11", {
      state: "unproven",
      timeVerified: day(-12),
      problems: ["it was verified at 2026-06-03T12:00:00Z, longer ago than 7d: gate it again"],
    }),
    { tag: "3.10", state: "unread", problems: ["[REGISTRY_UNREACHABLE] ghcr.io: no answer within 30 s"] },
  ],
}
const earlier = [8, 6, 4, 2].map((before, at): EarlierResult => ({
  ...{ of: "inventory", at: day(-before), promoted: 5 - (at % 3), blocked: at % 3, failed: 0, blocking: 0 },
}))

export const goldenInventory: Report = {
  ...{ title: golden.repository, generatedAt, kind: "inventory", images: [], inventory: golden, earlier },
}
