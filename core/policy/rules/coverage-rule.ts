// What the scan did not see. "Nothing found" only counts where something was looked at: a platform without a scan,
// without recognised packages, or with packages that the scanner passed over is not clean.
import type { SignatureFact } from "../../attestation/signature.js"
import { assertNever } from "../../errors.js"
import type { PlatformAssessment, Problem, ProblemCode, UnassessedPackage } from "../../findings/assessment.js"
import { listSome } from "../../list-some.js"
import type { Policy } from "../document/policy.js"
import type { JudgedPlatform } from "../judge/judged-platform.js"
import { isTrustedSignature } from "../judge/trusted-signature.js"
import type { Reason } from "../verdict/verdict.js"
import { type Case, count, platformReason } from "./rule.js"

export function coverageRule({ platforms, policy, assessment }: Case): Reason[] {
  return platforms.flatMap((judged) => {
    const isMissing = missingSbomOf(judged.assessment, policy, assessment.image.reference)
    return [
      ...judged.assessment.problems.flatMap((problem) => problemReasons(judged, problem, policy, isMissing)),
      ...scanReasons(judged, policy, isMissing),
    ]
  })
}

type IsMissing = (problem: Problem) => boolean

/**
 * Tells which problems mean that there is no SBOM to trust. Where somebody trusted signed the one that was used, what
 * nobody trusted signed beside it is only told: else whoever may attach could stop every promotion.
 */
export function missingSbomOf({ sbom }: PlatformAssessment, policy: Policy, image: string): IsMissing {
  const isTrusted = (fact: SignatureFact | undefined) => isTrustedSignature(fact, policy, image)
  const settled = isTrusted(sbom?.signature)
  return (problem) =>
    isSbomProblem(problem) && !(settled && problem.signature !== undefined && !isTrusted(problem.signature))
}

function isSbomProblem({ code }: Problem): boolean {
  return code.startsWith("SBOM_") || code === "REFERRERS_UNREADABLE"
}

function problemReasons(judged: JudgedPlatform, problem: Problem, policy: Policy, isMissing: IsMissing): Reason[] {
  const { unassessed } = policy
  switch (problem.code) {
    case "SBOM_MISSING":
    case "SBOM_FOREIGN_SUBJECT":
    case "SBOM_UNREADABLE":
    case "SBOM_EMPTY":
    case "SBOM_AMBIGUOUS":
    case "REFERRERS_UNREADABLE":
      return [platformReason(judged, "MISSING_SBOM", isMissing(problem) ? "block" : "report", problem.message)]
    case "REPORT_UNREADABLE":
    case "SCANNER_FAILED":
      return [platformReason(judged, "SCAN_FAILED", "block", problem.message)]
    case "PLATFORM_UNKNOWN":
      return [platformReason(judged, "PLATFORM_MISSING", "block", problem.message)]
    case "EVIDENCE_UNREADABLE":
    case "EVIDENCE_REMOVED":
      return [platformReason(judged, problem.code, "block", problem.message)]
    case "NOTHING_RECOGNISED":
      return [platformReason(judged, "UNASSESSED", unassessed.nothingRecognised, problem.message)]
    case "OS_UNSUPPORTED":
      return [platformReason(judged, "UNASSESSED", unassessed.unsupportedOs, problem.message)]
    case "PACKAGES_UNASSESSED":
      // Told from the packages themselves, of which exceptions may accept some.
      if ((judged.assessment.scan?.unassessed.length ?? 0) > 0) return []
      return [platformReason(judged, "UNASSESSED", unassessed.packages, problem.message)]
    default:
      return assertNever(problem.code)
  }
}

function scanReasons(judged: JudgedPlatform, policy: Policy, isMissing: IsMissing): Reason[] {
  const { scan, problems } = judged.assessment
  if (scan === undefined) {
    // A problem that the policy may turn into a report does not excuse the missing scan.
    const told = problems.some((problem) => isMissing(problem) || standsForScan.has(problem.code))
    return told ? [] : [platformReason(judged, "SCAN_FAILED", "block", "it was not scanned")]
  }
  const told = problems.some(({ code }) => code === "NOTHING_RECOGNISED")
  return [
    ...(scan.packages > 0 || told
      ? []
      : [platformReason(judged, "UNASSESSED", policy.unassessed.nothingRecognised, "no package was recognised")]),
    ...unassessedReasons(judged, policy),
    ...endOfLifeReasons(judged, policy),
  ]
}

// Problems that always block, so that saying "not scanned" as well would only be noise.
const standsForScan: ReadonlySet<ProblemCode> = new Set(["REPORT_UNREADABLE", "SCANNER_FAILED", "PLATFORM_UNKNOWN"])

// Accepted packages are still counted, as a report.
function unassessedReasons(judged: JudgedPlatform, policy: Policy): Reason[] {
  const all = judged.assessment.scan?.unassessed ?? []
  const accepted = all.length - judged.unaccepted.length
  const names = [...new Set(judged.unaccepted.map(nameUnassessed))].sort()
  const open = `${count(judged.unaccepted.length, "package")} that nothing could assess: ${listSome(names)}`
  const closed = `${count(accepted, "package")} that nothing could assess, accepted by exceptions`
  return [
    ...(names.length === 0 ? [] : [platformReason(judged, "UNASSESSED", policy.unassessed.packages, open)]),
    ...(accepted === 0 ? [] : [platformReason(judged, "UNASSESSED", "report", closed)]),
  ]
}

function nameUnassessed({ purl, name, reason }: UnassessedPackage): string {
  const named = purl === "" ? name : purl
  return reason === undefined ? named : `${named} (${reason})`
}

function endOfLifeReasons(judged: JudgedPlatform, policy: Policy): Reason[] {
  const os = judged.assessment.scan?.os
  if (os?.endOfLife !== true) return []
  const what = `${os.family} ${os.name} gets no more security fixes`
  return [platformReason(judged, "END_OF_LIFE", policy.endOfLife, what)]
}
