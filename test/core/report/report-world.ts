// Reports as gates, promotions and runs make them, with hostile texts wherever strangers write.
import type { Assessment } from "../../../core/findings/assessment.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import type { Report, ReportedImage } from "../../../core/report/report.js"
import { aFinding, anAssessment, aPlatform, image, now, unscanned, withFindings } from "../policy/build-assessment.js"

export const generatedAt = now.toISOString()
/** As a registry, an advisory or an annotation may hold it. */
export const hostile = `x'"]]>--></title></script><script>alert(1)</script><img src=x onerror=alert(1)>\u001b[31m\u202e\ufffe|\`\n# h`

export const policy = parsePolicy(
  "version: 1\nexceptions: [{id: CVE-2026-2, reason: 'not reachable', owner: team-a, expires: 2026-06-18}]",
  "policy.yaml",
)

export function reported(name: string, assessment: Assessment, more: Partial<ReportedImage> = {}): ReportedImage {
  const verdict = evaluate(assessment, policy, { now })
  return { name, digest: image.digest, outcome: verdict.outcome, assessment, verdict, ...more }
}

const bash = aFinding({ fixedVersion: "5.1", title: "bash overflows", url: "https://avd.example/CVE-2026-1" })

export const passing = reported("dhi.io/app:1.4", anAssessment([aPlatform("linux/amd64"), aPlatform("linux/arm64")]))
export const blocked = reported(
  "localhost:5000/quarantine/app:1.3",
  anAssessment([
    withFindings(
      "linux/amd64",
      bash,
      aFinding({ id: "CVE-2026-2" }),
      aFinding({ id: "CVE-2026-3", severity: "LOW", package: "curl", purl: "pkg:deb/debian/curl@8" }),
      aFinding({ id: "GHSA-aaaa-bbbb-cccc", severity: "CRITICAL", package: "lodash", purl: "", version: "4.1" }),
    ),
    withFindings("linux/arm64", bash),
    unscanned("linux/s390x", "SBOM_MISSING"),
  ]),
)
export const hostileImage = reported(
  "registry.example/app:evil",
  anAssessment([
    withFindings(
      "linux/amd64",
      aFinding({ id: `CVE-1${hostile}`, title: hostile, package: hostile, version: hostile, fixedVersion: hostile }),
      aFinding({ id: "CVE-2026-8", title: hostile, url: "javascript:alert(1)", purl: hostile, aliases: [hostile] }),
    ),
  ]),
  { note: hostile },
)
export const failed: ReportedImage = { name: "registry.example/app:gone", outcome: "failed", note: `[X] ${hostile}` }

export function aReport(...images: readonly ReportedImage[]): Report {
  return { title: images[0]?.name ?? "run", generatedAt, kind: images.length === 1 ? "gate" : "run", images }
}

export const everything = aReport(passing, blocked, hostileImage, failed)

const signature = { status: "verified", publisher: "Docker" } as const
const bom = {
  predicateType: "https://cyclonedx.org/bom/v1.6",
  referrer: image.digest,
  blob: image.digest,
  components: 120,
}
const sbom = { ...bom, envelope: "dsse", format: "cyclonedx", signature } as const
const attestations = [
  { predicateType: "https://slsa.dev/provenance/v1", referrer: image.digest, signature },
  { predicateType: "https://scout.docker.com/secrets/v0.1", referrer: image.digest, signature: { status: "unsigned" } },
] as const

/** A run as big as the biggest that is met: blocked, failed, promoted and unchanged tags, each with evidence. */
export function aBigRun(size = 200): Report {
  const images = Array.from({ length: size }, (_, at): ReportedImage => {
    const name = `registry.example/quarantine/python:3.${at}`
    if (at % 17 === 5) return { name, outcome: "failed", note: "[REGISTRY_UNREACHABLE] no route to host" }
    const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const
    const findings = Array.from({ length: at % 3 === 0 ? 60 : 12 }, (_, place) => {
      const number = (at * 7 + place) % 400
      return aFinding({
        ...(at % 3 === 0
          ? { id: `CVE-2026-${1000 + number}`, severity: severities[Math.floor(Math.sqrt(number % 16))] ?? "LOW" }
          : { id: `CVE-2026-${3000 + (number % 90)}`, severity: "LOW" }),
        package: `lib${place}`,
        purl: `pkg:deb/debian/lib${place}@1.${place}`,
        title: `A flaw in lib${place} lets a remote attacker do what they should not`,
        ...(place % 2 === 0 ? { fixedVersion: `2.${place}` } : {}),
      })
    })
    const platforms = ["linux/amd64", "linux/arm64"].map((platform) => ({
      ...withFindings(platform, ...findings),
      ...{ sbom, attestations: [...attestations] },
    }))
    const passes = at % 3 !== 0
    return reported(name, anAssessment(platforms), passes ? { outcome: at % 3 === 1 ? "promote" : "unchanged" } : {})
  })
  const earlier = [1, 2, 3, 4, 5].map((day) => ({
    ...{
      of: "images" as const,
      at: `2026-06-1${day - 1}T12:00:00Z`,
      promoted: 100 + day * 7,
      blocked: 90 - day * 6,
      failed: 3,
      blocking: 50,
    },
  }))
  return { title: "registry.example/quarantine/python", generatedAt, kind: "run", images, earlier }
}
