// What a scan of one image found, before any policy looks at it: the input of every decision, stored unfiltered so
// that a stricter policy can be replayed on it later.
import type { Digest } from "../oci/digest.js"
import type { Finding } from "./finding.js"

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
  readonly startedAt: string
  readonly finishedAt: string
}

/** One platform: either scanned, or with the reasons why it could not be. */
export type PlatformAssessment = {
  /** `os/architecture[/variant]`, or `unknown` when the manifest names none. */
  readonly platform: string
  readonly digest: Digest
  readonly sbom?: SbomSource
  readonly scan?: ScanResult
  /** Predicate types of the attestations whose subject is this platform; left out when nobody looked. */
  readonly attestations?: readonly string[]
  /** What stands in the way of judging this platform; empty when it was scanned and all was assessed. */
  readonly problems: readonly Problem[]
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
}

/** What the scanner said of one platform. */
export type ScanResult = {
  readonly os?: { readonly family: string; readonly name: string; readonly endOfLife: boolean }
  /** Packages that the scanner recognised. */
  readonly packages: number
  readonly findings: readonly Finding[]
  /** Findings that the scanner itself suppressed (VEX, ignore files): kept, never dropped. */
  readonly suppressed: readonly Finding[]
  /** Components that nothing could assess, by purl type and name. */
  readonly unassessed: readonly UnassessedPackage[]
  /** Digest of the scanner's raw report, which is stored beside this document. */
  readonly report: Digest
}

/** Packages of an SBOM that the scanner passed over in silence. */
export type UnassessedPackage = { readonly purl: string; readonly name: string; readonly version: string }

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

export type Problem = { readonly code: ProblemCode; readonly message: string }

/** The vulnerability database a scan used. Times are ISO 8601 in UTC. */
export type DatabaseInfo = {
  readonly reference?: string
  readonly digest?: Digest
  readonly version: number
  readonly updatedAt: string
  readonly nextUpdate?: string
}

export type ToolInfo = { readonly name: string; readonly version: string; readonly digest?: string }
