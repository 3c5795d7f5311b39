// CycloneDX VEX: what each vulnerability means for the image, as it was decided here. https://cyclonedx.org/docs/1.6/json/
import { PackageURL } from "packageurl-js"
import { visible } from "../clean-line.js"
import { advisoryUrl } from "../findings/advisory-url.js"
import type { Finding } from "../findings/finding.js"
import { digestOf } from "../oci/digest.js"
import { type Report, type ReportedImage, toolName } from "./report.js"
import { becauseText, type ReportedFinding, reportedFindings } from "./reported-findings.js"

const maxVulnerabilities = 20_000

export function toVex(report: Report) {
  const entries = report.images.flatMap((image) =>
    reportedFindings(image).map((reported) => ({ image, reported, ref: packageRef(reported.finding) })),
  )
  const shown = entries.slice(0, maxVulnerabilities)
  const packages = new Map(shown.map(({ reported, ref }) => [ref, packageComponent(reported.finding, ref)]))
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: serialNumber(report),
    version: 1,
    metadata: {
      timestamp: report.generatedAt,
      tools: { components: [{ type: "application", name: toolName }] },
      ...(report.images.length === 1 ? { component: imageComponent(report.images[0] as ReportedImage) } : {}),
    },
    components: [...(report.images.length === 1 ? [] : report.images.map(imageComponent)), ...packages.values()],
    vulnerabilities: shown.map(({ image, reported, ref }) => vulnerabilityOf(image, reported, ref)),
  }
}

function vulnerabilityOf(image: ReportedImage, reported: ReportedFinding, ref: string) {
  const { finding, platforms } = reported
  const url = advisoryUrl(finding)
  const detail = becauseText(reported)
  return {
    "bom-ref": `${imageRef(image)}#${encodeURIComponent(finding.id)}#${ref}`,
    id: visible(finding.id),
    ...(url === undefined ? {} : { source: { url } }),
    ratings: [{ severity: finding.severity.toLowerCase() }],
    ...(finding.title === undefined ? {} : { description: visible(finding.title) }),
    ...(finding.fixedVersion === undefined ? {} : { recommendation: visible(`upgrade to ${finding.fixedVersion}`) }),
    analysis: { ...analysisOf(reported), ...(detail === "" ? {} : { detail: visible(detail) }) },
    affects: [{ ref }],
    properties: [
      { name: "cssc:image", value: visible(image.name) },
      ...(image.digest === undefined ? [] : [{ name: "cssc:digest", value: image.digest }]),
      { name: "cssc:platforms", value: visible(platforms.join(", ")) },
      { name: "cssc:judgement", value: reported.judgement ?? "unjudged" },
    ],
  }
}

/** An accepted risk stays a risk: only what VEX says is not affected or fixed is told as such. */
function analysisOf({ judgement, because }: ReportedFinding) {
  switch (judgement) {
    case "blocking":
      return { state: "exploitable" }
    case "excepted":
    case "overridden":
      return { state: "exploitable", response: ["will_not_fix"] }
    case "suppressed":
      return { state: /^fixed\b/i.test(because?.statement ?? "") ? "resolved" : "not_affected" }
    default:
      return { state: "in_triage" }
  }
}

function imageComponent(image: ReportedImage) {
  const { digest } = image
  return {
    type: "container",
    "bom-ref": imageRef(image),
    name: visible(image.name),
    ...(digest === undefined ? {} : { version: digest, hashes: hashesOf(digest) }),
  }
}

function hashesOf(digest: string) {
  const [algorithm = "", content = ""] = digest.split(":")
  const alg = { sha256: "SHA-256", sha512: "SHA-512" }[algorithm]
  return alg === undefined ? [] : [{ alg, content }]
}

function packageComponent({ package: name, version, purl }: Finding, ref: string) {
  return {
    type: "library",
    "bom-ref": ref,
    name: visible(name),
    ...(version === "" ? {} : { version: visible(version) }),
    ...(purl === "" || visible(purl) !== purl ? {} : { purl }),
  }
}

/** The package's purl; one of our own where the scanner gives none. */
function packageRef({ purl, package: name, version }: Finding): string {
  if (purl !== "") return visible(purl)
  return new PackageURL("generic", null, name || "unknown", version || null, null, null).toString()
}

function imageRef({ name, digest }: ReportedImage): string {
  return visible(`${name}@${digest ?? ""}`)
}

/** A name-based UUID: the same report has the same. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8 */
function serialNumber({ title, generatedAt, images }: Report): string {
  const hex = digestOf(JSON.stringify([title, generatedAt, images.map(imageRef)])).slice("sha256:".length)
  const variant = ((parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return `urn:uuid:${parts.join("-")}`
}
