// Trivy's vulnerabilities as findings: the reported ones, and those that Trivy moved aside on its own (VEX, ignore
// files), which are kept as suppressed.
import { checkSchema } from "../oci/json.js"
import type { Finding } from "./finding.js"
import { severityOf } from "./severity.js"
import {
  type TrivyModifiedFinding,
  type TrivyResult,
  type TrivyVulnerability,
  vulnerabilitySchema,
} from "./trivy-schema.js"

/** The vulnerabilities that one result reports. */
export function listFindings(result: TrivyResult): Finding[] {
  return (result.Vulnerabilities ?? []).map((vulnerability) => toFinding(vulnerability, result.Target ?? ""))
}

/** The vulnerabilities that Trivy suppressed in one result, each with its reason; `origin` names the report. */
export function listSuppressed(result: TrivyResult, origin: string): Finding[] {
  const modified = (result.ExperimentalModifiedFindings ?? []).filter((item) => item.Type === "vulnerability")
  return modified.map((item) => ({
    ...toFinding(parseModified(item, origin), result.Target ?? ""),
    suppression: { by: "trivy", statement: statementOf(item), source: item.Source ?? "" },
  }))
}

function toFinding(vulnerability: TrivyVulnerability, target: string): Finding {
  return {
    id: vulnerability.VulnerabilityID,
    aliases: [...(vulnerability.VendorIDs ?? [])],
    severity: severityOf(vulnerability.Severity),
    purl: vulnerability.PkgIdentifier?.PURL ?? "",
    package: vulnerability.PkgName,
    version: vulnerability.InstalledVersion ?? "",
    ...optional("fixedVersion", vulnerability.FixedVersion),
    ...optional("status", vulnerability.Status),
    ...optional("title", vulnerability.Title),
    ...optional("url", vulnerability.PrimaryURL),
    target,
  }
}

// Trivy writes other kinds of findings into the same list, so its shape is known only after looking at the type.
function parseModified(item: TrivyModifiedFinding, origin: string): TrivyVulnerability {
  return checkSchema(vulnerabilitySchema, item.Finding, "REPORT_INVALID", `a suppressed finding in ${origin}`)
}

function statementOf(item: TrivyModifiedFinding): string {
  return [item.Status, item.Statement].filter((part) => (part ?? "") !== "").join(": ")
}

/** `{ [key]: value }`, or nothing: Go writes an absent text as "", as null, or not at all. */
export function optional<K extends string>(key: K, value: string | null | undefined): Partial<Record<K, string>> {
  return (value ?? "") === "" ? {} : ({ [key]: value } as Partial<Record<K, string>>)
}
