// What a promotion says about the image it promotes: the scan of each platform and of the index, and the verdict.
import { predicateTypes } from "../attestation/predicate-types.js"
import { CsscError } from "../errors.js"
import { artifactOf, type Evidence } from "../evidence/evidence.js"
import { mergeReports, readRawReport } from "../evidence/raw-report.js"
import { scanAnnotations, type ScanAnnotationsInput } from "../evidence/scan-annotations.js"
import { buildVerdictStatement, verdictPredicateType } from "../evidence/verdict-statement.js"
import { buildVulnStatement } from "../evidence/vuln-statement.js"
import { canonicalJson } from "../findings/canonical-json.js"
import type { GateResult } from "../gate/gate-result.js"
import type { Digest } from "../oci/digest.js"
import { annotationKeys } from "../oci/media-types.js"
import { formatReference, type Repository, repositoryName } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { decides } from "../policy/judge/judged-platform.js"
import type { Verdict } from "../policy/verdict/verdict.js"

type EvidenceOperation = Pick<Operation, "policy" | "run" | "now">

/** The evidence of a passed gate, platforms before the index. */
export function buildEvidence(operation: EvidenceOperation, gate: GateResult, target: Repository): Evidence[] {
  const { verdict, assessment } = gate
  const about = { gate, target, run: operation.run, annotations: scanAnnotations(annotationsInput(gate, operation)) }
  const isIndex = !assessment.platforms.some(({ digest }) => digest === verdict.image.digest)
  const platforms = [...new Map(assessment.platforms.map((platform) => [platform.digest, platform])).values()].filter(
    // A platform that does not decide need not be scanned.
    ({ digest, platform }) => gate.reports.has(digest) || decides(operation.policy, platform),
  )
  const scans = platforms.map(({ digest, platform }) => {
    const text = reportOf(gate, digest, platform)
    return scanEvidence(about, digest, readRawReport({ platform, text }))
  })
  const all = platforms.map(({ digest, platform }) => ({ platform, text: reportOf(gate, digest, platform) }))
  const merged = isIndex
    ? [scanEvidence(about, verdict.image.digest, mergeReports(formatReference(gate.image), all))]
    : []
  return [...scans, ...merged, verdictEvidence(verdict, target)]
}

/** The verdict on the index or single image, whatever its outcome. */
export function verdictEvidence(verdict: Verdict, target: Repository): Evidence {
  const predicateType = verdictPredicateType
  const statement = canonicalJson(buildVerdictStatement(repositoryName(target), verdict))
  const artifact = artifactOf("verdict.json", statement, { [annotationKeys.predicateType]: predicateType })
  return { subject: verdict.image.digest, predicateType, artifact }
}

type ScanEvidence = {
  readonly gate: GateResult
  readonly target: Repository
  readonly run: EvidenceOperation["run"]
  readonly annotations: Readonly<Record<string, string>>
}

function scanEvidence({ gate, target, run, annotations }: ScanEvidence, digest: Digest, result: unknown): Evidence {
  const { assessment } = gate
  const tool = assessment.tools.find(({ name }) => name === "trivy") ?? { name: "trivy", version: "unknown" }
  const statement = buildVulnStatement({
    subjectName: repositoryName(target),
    subjectDigest: digest,
    result,
    tool,
    ...(assessment.database === undefined ? {} : { database: assessment.database }),
    startedAt: assessment.startedAt,
    finishedAt: assessment.finishedAt,
    invocation: {
      parameters: [`method=${assessment.method}`, `severity=${gate.verdict.policy.severity}`],
      uri: run.url,
      eventId: run.id,
      builderId: run.workflow,
    },
  })
  return {
    subject: digest,
    predicateType: predicateTypes.cosignVulnerabilities,
    artifact: artifactOf("vulnerabilities.json", canonicalJson(statement), annotations),
  }
}

function annotationsInput(
  { image, verdict, assessment }: GateResult,
  { now }: EvidenceOperation,
): ScanAnnotationsInput {
  return {
    source: repositoryName(image),
    tag: image.tag ?? "",
    threshold: verdict.policy.severity,
    exceptions: verdict.excepted,
    ...overrideOf(verdict),
    scannerVersion: assessment.tools.find(({ name }) => name === "trivy")?.version ?? "unknown",
    method: verdict.method,
    ...(verdict.predicateType === undefined ? {} : { predicateType: verdict.predicateType }),
    created: now(),
  }
}

function overrideOf({ override }: Verdict): Pick<ScanAnnotationsInput, "override"> {
  if (override === undefined || override.state !== "used") return {}
  return { override: { approver: override.approver, issue: override.reference, cves: override.covered } }
}

function reportOf({ reports }: GateResult, digest: Digest, platform: string): string {
  const text = reports.get(digest)
  if (text !== undefined) return text
  throw new CsscError(
    "EVIDENCE_FAILED",
    `there is no scan report of ${platform} (${digest}): nothing is promoted without one`,
  )
}
