// SARIF 2.1.0, for code scanning: one result for each vulnerability of a package in an image, and for each other reason
// that stops it. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import type { Location, Log, Result, Suppression } from "sarif"
import { visible } from "../clean-line.js"
import { upgradeText } from "../evidence/render/finding-groups.js"
import { isAtLeast } from "../findings/severity.js"
import { digestOf } from "../oci/digest.js"
import type { Reason } from "../policy/verdict/verdict.js"
import { type Report, type ReportedImage, toolName } from "./report.js"
import { becauseText, fingerprintOf, isSetAside, type ReportedFinding, reportedFindings } from "./reported-findings.js"
import { SarifRules } from "./sarif-rules.js"

const schema = "https://json.schemastore.org/sarif-2.1.0.json"
/** GitHub refuses more in one run: what blocks comes first. */
const maxResults = 25_000

export function toSarif(report: Report): Log {
  const rules = new SarifRules()
  const results = report.images.flatMap((image) => [...reasonResults(image, rules), ...findingResults(image, rules)])
  const sorted = [...results].sort((a, b) => Number(b.level === "error") - Number(a.level === "error"))
  const driver = { name: toolName, rules: rules.all }
  return {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: { driver },
        automationDetails: { id: `${toolName}/${visible(report.title)}/` },
        columnKind: "utf16CodeUnits",
        results: sorted.slice(0, maxResults),
        ...(sorted.length > maxResults ? { properties: { leftOut: sorted.length - maxResults } } : {}),
      },
    ],
  }
}

function findingResults(image: ReportedImage, rules: SarifRules): Result[] {
  return reportedFindings(image).map((reported): Result => {
    const { finding, platforms, judgement } = reported
    const fingerprint = fingerprintOf(image, finding)
    return {
      ruleId: visible(finding.id),
      ruleIndex: rules.ofFinding(finding),
      level: levelOf(reported),
      message: { text: messageOf(image, reported) },
      locations: [locationOf(image, finding.purl === "" ? finding.package : finding.purl, finding.package)],
      partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1`, "csscFinding/v1": fingerprint },
      suppressions: suppressionsOf(reported),
      properties: {
        image: visible(image.name),
        ...(image.digest === undefined ? {} : { digest: image.digest }),
        platforms: platforms.map(visible),
        ...(judgement === undefined ? {} : { judgement }),
      },
    }
  })
}

/** What stops an image beside its vulnerabilities. */
function reasonResults(image: ReportedImage, rules: SarifRules): Result[] {
  const reasons = image.verdict?.reasons ?? []
  return reasons
    .filter(({ effect, code }) => effect === "block" && code !== "FINDINGS")
    .map((reason): Result => {
      const fingerprint = digestOf(JSON.stringify([image.name, reason.code, reason.platform])).slice("sha256:".length)
      return {
        ruleId: reason.code,
        ruleIndex: rules.ofReason(reason.code),
        level: "error",
        message: { text: reasonText(image, reason) },
        locations: [locationOf(image)],
        partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1`, "csscReason/v1": fingerprint },
        suppressions: [],
      }
    })
}

function reasonText({ name }: ReportedImage, { message }: Reason): string {
  return visible(`${name}: ${message}`)
}

function messageOf({ name }: ReportedImage, reported: ReportedFinding): string {
  const { finding, platforms } = reported
  const because = becauseText(reported)
  const lines = [
    `${finding.id} (${finding.severity}) in ${finding.package} ${finding.version} of ${name}.`,
    finding.title ?? "",
    `Platforms: ${platforms.join(", ")}.`,
    `What to do: ${upgradeText(finding)}.`,
    because === "" ? "" : `Set aside: ${because}.`,
  ]
  return lines
    .filter((line) => line !== "")
    .map(visible)
    .join("\n")
}

/** The image's name is no file's: with its colons escaped it stays a relative reference, which viewers show unescaped. */
function locationOf({ name }: ReportedImage, fullyQualifiedName?: string, packageName?: string): Location {
  const uri = visible(name).split("/").map(encodeURIComponent).join("/")
  const logical =
    fullyQualifiedName === undefined ? {} : { logicalLocations: [logicalOf(fullyQualifiedName, packageName)] }
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } }, ...logical }
}

function logicalOf(fullyQualifiedName: string, name = fullyQualifiedName) {
  return { name: visible(name), fullyQualifiedName: visible(fullyQualifiedName), kind: "module" }
}

function levelOf({ finding, judgement }: ReportedFinding): "error" | "warning" | "note" {
  if (judgement === "blocking") return "error"
  if (judgement !== undefined) return "note"
  if (isAtLeast(finding.severity, "HIGH")) return "error"
  return finding.severity === "MEDIUM" ? "warning" : "note"
}

// Where one result of a run has them, all do: an empty list says that nobody set it aside.
function suppressionsOf(reported: ReportedFinding): Suppression[] {
  if (!isSetAside(reported)) return []
  const justification = visible(becauseText(reported))
  return [{ kind: "external", status: "accepted", ...(justification === "" ? {} : { justification }) }]
}
