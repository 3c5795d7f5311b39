// What a scan of one image found, before any policy looks at it: the input of every decision, stored unfiltered so
// that a stricter policy can be replayed on it later.
import type { SignatureFact } from "../attestation/signature.js"
import type { Digest } from "../oci/digest.js"
import type { VexInput } from "../vex/vex-document.js"
import type { BaselineResult } from "./baseline.js"
import type { Finding } from "./finding.js"
import type { UnassessedPackage } from "./unassessed-package.js"
import type { RiskData } from "./risk/risk.js"

/** How an image was assessed: its file systems (`image`) or the SBOMs attached to its platforms (`sbom`). */
export type ScanMethod = "image" | "sbom"

/** The whole assessment of one image: one entry per platform, in the index's order. */
export type Assessment = {
  readonly schema: "https://cssc.dev/assessment/v1"
  readonly image: { readonly reference: string; readonly digest: Digest; readonly mediaType: string }
  readonly method: ScanMethod
  /** The SBOM's predicate type that was asked for; only with method `sbom`. */
  readonly predicateType?: string
  readonly platforms: readonly PlatformAssessment[]
  readonly database?: DatabaseInfo
  readonly tools: readonly ToolInfo[]
  /** Who signed the image itself; left out when nobody looked. */
  readonly signature?: SignatureFact
  /** What its lifecycle artifact says; left out when there is none. */
  readonly lifecycle?: Lifecycle
  /** VEX documents about it, unjudged; left out when nobody looked. */
  readonly vex?: VexInput
  /** What is known of the exploitation of its vulnerabilities; left out when nobody looked. */
  readonly risk?: RiskData
  /** What it is compared with; left out when nobody asked. */
  readonly baseline?: BaselineResult
  readonly startedAt: string
  readonly finishedAt: string
}

/** One platform: either scanned, or with the reasons why it could not be. */
export type PlatformAssessment = {
  /** `os/architecture[/variant]`, or `unknown` when the manifest names none. */
  readonly platform: string
  readonly digest: Digest
  readonly sbom?: SbomSource
  /** The other attachments that were read as its SBOM and not used, with who signed them; left out without any. */
  readonly otherSboms?: readonly SbomFact[]
  readonly scan?: ScanResult
  /** The attestations whose subject is this platform; left out when nobody looked. */
  readonly attestations?: readonly AttestationFact[]
  /** The SBOM against the file system; left out when nobody compared them. */
  readonly comparison?: SbomComparison
  /** When its config says that it was built, ISO 8601; left out when it does not. */
  readonly created?: string
  /** What stands in the way of judging this platform; empty when it was scanned and all was assessed. */
  readonly problems: readonly Problem[]
}

/** One attestation on a platform that was asked for, read and about that platform. */
export type AttestationFact = {
  readonly predicateType: string
  /** Digest of the referrer manifest. */
  readonly referrer: Digest
  readonly signature: SignatureFact
  /** When it was made, ISO 8601: as its manifest says, or the document inside if that is older; left out if unknown. */
  readonly created?: string
}

/** An attachment of the SBOM's type that was not used; usable or not. */
export type SbomFact = {
  /** Digest of the manifest that carries it. */
  readonly referrer: Digest
  readonly blob: Digest
  readonly signature: SignatureFact
}

/** Packages by purl without qualifiers: what only one side knows is either stale or planted. */
export type SbomComparison = {
  readonly onlyInImage: readonly string[]
  readonly onlyInSbom: readonly string[]
  readonly common: number
  /** The two operating systems where they differ: a scanner matches packages by their system and release. */
  readonly os?: { readonly image: string; readonly sbom: string }
  /** What only the scan of the file system finds in packages that both list, as `id in purl`; left out without any. */
  readonly missedFindings?: readonly string[]
  /** Why nothing could be compared. */
  readonly problem?: string
}

/** `endOfLife` is YYYY-MM-DD or RFC 3339, as written. */
export type Lifecycle = {
  readonly endOfLife: string
  readonly referrer: Digest
  readonly signature: SignatureFact
  /** What a tombstone of ours adds. */
  readonly reason?: string
  readonly successor?: string
}

/** Where an SBOM came from. */
export type SbomSource = {
  readonly predicateType: string
  /** Digest of the referrer manifest that carries it. */
  readonly referrer: Digest
  /** Digest of the blob (statement, envelope or document) as stored. */
  readonly blob: Digest
  readonly envelope: "statement" | "dsse" | "bundle" | "document"
  readonly format: "cyclonedx" | "spdx"
  readonly components: number
  /** Left out in documents made before signatures were looked at. */
  readonly signature?: SignatureFact
  /** When its manifest says that it was made, ISO 8601; left out when it does not. */
  readonly created?: string
}

/** What the scanner said of one platform. */
export type ScanResult = {
  readonly os?: { readonly family: string; readonly name: string; readonly endOfLife: boolean }
  /** Packages that the scanner recognised. */
  readonly packages: number
  /** Those packages by purl without version and qualifiers, sorted; only when the image is compared with another. */
  readonly packageNames?: readonly string[]
  readonly findings: readonly Finding[]
  /** Findings that the scanner itself suppressed (VEX, ignore files): kept, never dropped. */
  readonly suppressed: readonly Finding[]
  /** Components that nothing could assess, by purl type and name. */
  readonly unassessed: readonly UnassessedPackage[]
  /** Digest of the scanner's raw report, which is stored beside this document. */
  readonly report: Digest
}

export type { UnassessedPackage } from "./unassessed-package.js"

export const problemCodes = [
  "SBOM_MISSING",
  "SBOM_FOREIGN_SUBJECT",
  "SBOM_UNREADABLE",
  "SBOM_EMPTY",
  "SBOM_AMBIGUOUS",
  "REFERRERS_UNREADABLE",
  "REPORT_UNREADABLE",
  "SCANNER_FAILED",
  "NOTHING_RECOGNISED",
  "OS_UNSUPPORTED",
  "PACKAGES_UNASSESSED",
  "PLATFORM_UNKNOWN",
] as const
export type ProblemCode = (typeof problemCodes)[number]

export type Problem = {
  readonly code: ProblemCode
  readonly message: string
  /**
   * Who signed what is wrong with an attachment, which others may stand beside. Unsigned is also where it was put and how
   * it was announced: anybody could do that. Left out where it is about the platform itself.
   */
  readonly signature?: SignatureFact
}

/** The vulnerability database a scan used. Times are ISO 8601 in UTC. */
export type DatabaseInfo = {
  readonly reference?: string
  readonly digest?: Digest
  readonly version: number
  readonly updatedAt: string
  readonly nextUpdate?: string
}

export type ToolInfo = { readonly name: string; readonly version: string; readonly digest?: string }
