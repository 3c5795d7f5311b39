// The decision about one image: what was judged, under which policy, and every reason. Pure data; the same inputs and
// the same `now` give the same bytes.
import type { DatabaseInfo, ScanMethod, ToolInfo, UnassessedPackage } from "../../findings/assessment.js"
import type { SignatureFact } from "../../attestation/signature.js"
import type { Finding, Severity } from "../../findings/finding.js"
import type { FeedInfo } from "../../findings/risk/risk.js"
import type { Digest } from "../../oci/digest.js"
import type { ExceptionUse, OverrideUse, Regression, VexUse } from "./verdict-parts.js"

export type { ExceptionUse, Override, OverrideUse, Regression, VexUse } from "./verdict-parts.js"

export const outcomes = ["promote", "blocked", "blocked-missing-sbom", "unassessed"] as const
/** `promote` is the only outcome that lets an image pass. */
export type Outcome = (typeof outcomes)[number]

export const reasonCodes = [
  "FINDINGS",
  "UNKNOWN_SEVERITY",
  "MISSING_SBOM",
  "UNASSESSED",
  "END_OF_LIFE",
  "DATABASE_STALE",
  "DATABASE_UNKNOWN",
  "PLATFORM_MISSING",
  "NO_INPUT",
  "SCAN_FAILED",
  "TOOL_DENIED",
  "METHOD_REFUSED",
  "EVIDENCE_MISSING",
  "EVIDENCE_UNSIGNED",
  "EVIDENCE_STALE",
  "EVIDENCE_UNREADABLE",
  "SIGNATURE_INVALID",
  "SBOM_MISMATCH",
  "VEX_CONFLICT",
  "VEX_UNUSABLE",
  "VEX_UNTRUSTED",
  "KNOWN_EXPLOITED",
  "EXPLOIT_LIKELY",
  "RISK_FEED_STALE",
  "RISK_FEED_MISSING",
  "NEW_FINDINGS",
  "NEW_PACKAGES",
  "PLATFORM_DROPPED",
  "ROLLBACK",
  "BASE_OS_CHANGED",
  "BASELINE_MISSING",
  "OVERRIDE",
  "EXCEPTION_EXPIRED",
  "EXCEPTION_FIXABLE",
  "EXCEPTION_EXPIRING",
  "EXCEPTION_UNUSED",
] as const
export type ReasonCode = (typeof reasonCodes)[number]

/** One reason; `block` stops the image, `report` is only told. */
export type Reason = {
  readonly code: ReasonCode
  readonly effect: "block" | "report"
  readonly platform?: string
  readonly message: string
}

export const judgements = ["blocking", "excepted", "overridden", "suppressed", "below-threshold", "ignored"] as const
export type Judgement = (typeof judgements)[number]

/** A finding as the policy sees it; it never disappears, it only changes `judgement`. */
export type JudgedFinding = Finding & {
  readonly platform: string
  readonly judgement: Judgement
  /** Why it does not block, with source and expiry. */
  readonly because?: {
    readonly by: string
    readonly statement: string
    readonly source: string
    readonly expires?: string
  }
}

/** One row of the per-platform table. */
export type PlatformVerdict = {
  readonly platform: string
  readonly digest: Digest
  /** Distinct vulnerability ids at or above the threshold, before exceptions. */
  readonly atThreshold: readonly string[]
  /** Those that still block after exceptions. */
  readonly blocking: readonly string[]
  readonly missingSbom: boolean
  readonly unassessed: readonly UnassessedPackage[]
  readonly packages: number
  readonly os?: string
  /** Who signed the SBOM that was scanned. */
  readonly sbomSignature?: SignatureFact
}

export type Verdict = {
  readonly schema: "https://cssc.dev/verdict/v1"
  readonly outcome: Outcome
  readonly passed: boolean
  readonly image: { readonly reference: string; readonly digest: Digest; readonly mediaType: string }
  readonly method: ScanMethod
  readonly predicateType?: string
  readonly evaluatedAt: string
  readonly policy: { readonly digest: Digest; readonly severity: Severity; readonly source: string }
  readonly database?: DatabaseInfo
  readonly tools: readonly ToolInfo[]
  readonly reasons: readonly Reason[]
  /** Distinct ids at or above the threshold over all platforms (the composite action's "blocking"). */
  readonly blocking: readonly string[]
  /** Those left after exceptions. */
  readonly remaining: readonly string[]
  /** Those cleared by exceptions. */
  readonly excepted: readonly string[]
  readonly platforms: readonly PlatformVerdict[]
  readonly findings: readonly JudgedFinding[]
  readonly exceptions: readonly ExceptionUse[]
  readonly override?: OverrideUse
  readonly vex?: readonly VexUse[]
  readonly regression?: Regression
  /** The risk feeds that were used. */
  readonly riskFeeds?: readonly FeedInfo[]
  /** Digest of the assessment that was judged, in canonical order: what replays this verdict. */
  readonly assessment: Digest
  /** Digests of the scanner's raw reports that were judged, by platform digest. */
  readonly reports: readonly {
    readonly platform: string
    readonly digest: Digest
    readonly report?: Digest
    readonly sbom?: Digest
  }[]
}
