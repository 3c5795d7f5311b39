// Small assessments for tests: everything is fine unless a test says otherwise.
import type { Assessment, PlatformAssessment, ScanResult } from "../../../core/findings/assessment.js"
import type { Finding } from "../../../core/findings/finding.js"
import { digestOf } from "../../../core/oci/digest.js"
import type { Verdict } from "../../../core/policy/verdict/verdict.js"

export const now = new Date("2026-06-15T12:00:00Z")
export const image = {
  reference: "registry.example.com/quarantine/app:1",
  digest: digestOf("index"),
  mediaType: "application/vnd.oci.image.index.v1+json",
}

export function aFinding(more: Partial<Finding> = {}): Finding {
  return {
    id: "CVE-2026-1",
    aliases: [],
    severity: "HIGH",
    purl: "pkg:deb/debian/bash@5.0",
    package: "bash",
    version: "5.0",
    target: "debian",
    ...more,
  }
}

export function aScan(more: Partial<ScanResult> = {}): ScanResult {
  return {
    os: { family: "debian", name: "13", endOfLife: false },
    packages: 10,
    findings: [],
    suppressed: [],
    unassessed: [],
    report: digestOf("report"),
    ...more,
  }
}

export function aPlatform(platform: string, more: Partial<PlatformAssessment> = {}): PlatformAssessment {
  return { platform, digest: digestOf(platform), scan: aScan(), problems: [], ...more }
}

export function withFindings(platform: string, ...findings: Finding[]): PlatformAssessment {
  return aPlatform(platform, { scan: aScan({ findings }) })
}

/** A platform that could not be scanned. */
export function unscanned(platform: string, code: PlatformAssessment["problems"][number]["code"]): PlatformAssessment {
  return { platform, digest: digestOf(platform), problems: [{ code, message: `${platform}: ${code}` }] }
}

export function anAssessment(platforms?: readonly PlatformAssessment[], more: Partial<Assessment> = {}): Assessment {
  return {
    schema: "https://cssc.dev/assessment/v1",
    image,
    method: "sbom",
    platforms: platforms ?? [aPlatform("linux/amd64"), aPlatform("linux/arm64")],
    database: { version: 2, updatedAt: "2026-06-15T06:00:00Z" },
    tools: [{ name: "trivy", version: "0.73.0" }],
    startedAt: "2026-06-15T11:00:00Z",
    finishedAt: "2026-06-15T11:00:10Z",
    ...more,
  }
}

/** The codes of a verdict's reasons with one effect, in their order. */
export function codesOf({ reasons }: Verdict, effect: "block" | "report"): string[] {
  return reasons.filter((reason) => reason.effect === effect).map(({ code }) => code)
}

/** The text of the first reason with a code. */
export function messageOf({ reasons }: Verdict, code: string): string | undefined {
  return reasons.find((reason) => reason.code === code)?.message
}
