// GitLab's container-scanning report: what its security dashboard and merge requests show.
// https://gitlab.com/gitlab-org/security-products/security-report-schemas
import { visible } from "../clean-line.js"
import { upgradeText } from "../evidence/render/finding-groups.js"
import { advisoryUrl } from "../findings/advisory-url.js"
import type { Finding } from "../findings/finding.js"
import { type Report, type ReportedImage, toolName } from "./report.js"
import { becauseText, fingerprintOf, isSetAside, type ReportedFinding, reportedFindings } from "./reported-findings.js"

const version = "15.0.7"
const maxVulnerabilities = 20_000
const identifierTypes: readonly (readonly [RegExp, string])[] = [
  [/^CVE-/, "cve"],
  [/^GHSA-/, "ghsa"],
  [/^USN-/, "usn"],
  [/^RHSA-/, "rhsa"],
  [/^ELSA-/, "elsa"],
  [/^OSV-/, "osvdb"],
]

/** What was accepted or suppressed is left out: GitLab has no word for it, and would count it. */
export function toGitlab(report: Report) {
  const all = report.images.flatMap((image) =>
    reportedFindings(image)
      .filter((reported) => !isSetAside(reported))
      .map((reported) => vulnerabilityOf(image, reported)),
  )
  const scanner = { id: toolName, name: toolName, version: "1", vendor: { name: toolName } }
  const time = report.generatedAt.slice(0, 19)
  return {
    version,
    scan: {
      ...{ analyzer: scanner, scanner, type: "container_scanning", start_time: time, end_time: time },
      status: report.images.some(({ outcome }) => outcome === "failed") ? "failure" : "success",
    },
    vulnerabilities: all.slice(0, maxVulnerabilities),
    remediations: [],
  }
}

function vulnerabilityOf(image: ReportedImage, reported: ReportedFinding) {
  const { finding, platforms } = reported
  const url = advisoryUrl(finding)
  const because = becauseText(reported)
  return {
    id: fingerprintOf(image, finding),
    name: visible(`${finding.id} in ${finding.package}`).slice(0, 255),
    description: visible(
      `${finding.title ?? finding.id}. Platforms: ${platforms.join(", ")}.${because === "" ? "" : ` ${because}.`}`,
    ).slice(0, 10_000),
    severity: `${finding.severity.slice(0, 1)}${finding.severity.slice(1).toLowerCase()}`,
    solution: visible(upgradeText(finding)).slice(0, 7000),
    identifiers: [identifierOf(finding), ...finding.aliases.slice(0, 19).map((id) => identifierOf({ id }))],
    links: url === undefined ? [] : [{ url }],
    location: {
      dependency: { package: { name: visible(finding.package) }, version: visible(finding.version) },
      operating_system: operatingSystem(image, platforms),
      image: visible(image.name),
    },
  }
}

function identifierOf({ id, url }: Pick<Finding, "id" | "url">) {
  const name = visible(id)
  const type = identifierTypes.find(([pattern]) => pattern.test(name))?.[1] ?? toolName
  const page = advisoryUrl({ id, ...(url === undefined ? {} : { url }) })
  return { type, name, value: name, ...(page === undefined ? {} : { url: page }) }
}

function operatingSystem({ verdict, assessment }: ReportedImage, [platform]: readonly string[]): string {
  const judged = verdict?.platforms.find((row) => row.platform === platform)?.os
  const scanned = assessment?.platforms.find((one) => one.platform === platform)?.scan?.os
  return visible(judged ?? (scanned === undefined ? "unknown" : `${scanned.family} ${scanned.name}`)) || "unknown"
}
