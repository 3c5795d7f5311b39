// The scan as an attestation that cosign and other consumers read:
// https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md
import { predicateTypes } from "../attestation/predicate-types.js"
import type { DatabaseInfo, ToolInfo } from "../findings/assessment.js"
import { buildStatement, type BuiltStatement, formatTime, type Subject } from "./build-statement.js"

export type Invocation = {
  /** What was asked for, for people. */
  readonly parameters: readonly string[]
  /** The run that did it, if there is one. */
  readonly uri: string
  readonly eventId: string
  readonly builderId: string
}

export type VulnStatementInput = Subject & {
  /** `readRawReport` of a platform, `mergeReports` of an index. */
  readonly result: unknown
  readonly tool: ToolInfo
  readonly database?: DatabaseInfo
  readonly startedAt: string
  readonly finishedAt: string
  readonly invocation: Invocation
}

export type VulnPredicate = {
  readonly invocation: {
    readonly parameters: readonly string[]
    readonly uri: string
    readonly event_id: string
    readonly "builder.id": string
  }
  readonly scanner: {
    readonly uri: string
    readonly version: string
    readonly db: { readonly uri: string; readonly version: string; readonly lastUpdate?: string }
    readonly result: unknown
  }
  readonly metadata: { readonly scanStartedOn: string; readonly scanFinishedOn: string }
}

/** The vulnerability statement of one platform, or of an index. */
export function buildVulnStatement(input: VulnStatementInput): BuiltStatement<VulnPredicate> {
  const { tool, database, invocation } = input
  return buildStatement(input, predicateTypes.cosignVulnerabilities, {
    invocation: {
      parameters: invocation.parameters,
      uri: invocation.uri,
      event_id: invocation.eventId,
      "builder.id": invocation.builderId,
    },
    scanner: { uri: scannerUri(tool), version: tool.version, db: databaseOf(database), result: input.result },
    metadata: { scanStartedOn: formatTime(input.startedAt), scanFinishedOn: formatTime(input.finishedAt) },
  })
}

// Trivy names itself like this in its own `--format cosign-vuln`.
function scannerUri({ name, version }: ToolInfo): string {
  return name === "trivy" ? `pkg:github/aquasecurity/trivy@${version}` : `pkg:generic/${name}@${version}`
}

// Trivy leaves the database empty; consumers of in-toto's vulns predicate need its date.
function databaseOf(database: DatabaseInfo | undefined): VulnPredicate["scanner"]["db"] {
  if (database === undefined) return { uri: "", version: "" }
  const { reference, digest } = database
  const plain = (reference ?? "").replace(/@sha(256|512):[0-9a-f]+$/, "")
  const uri = digest === undefined ? (reference ?? "") : `${plain}@${digest}`
  return { uri, version: String(database.version), lastUpdate: database.updatedAt }
}
