// What an operator demands of an image before it may pass. Every key is enforced, or refused: docs/policy.md explains
// each. Reading the YAML is parse-policy.ts; applying it is evaluate.ts.
import type { ScanMethod } from "../../findings/assessment.js"
import { canonicalJson, sortCanonical } from "../../findings/canonical-json.js"
import type { Severity } from "../../findings/finding.js"
import { type Digest, digestOf } from "../../oci/digest.js"

/** What a shortcoming does: stop the image, or only be told. */
export type Effect = "block" | "report"

/**
 * Which platforms decide. `all`: every one in the image. `required`: every one, and the listed ones must be there.
 * `only`: the listed ones, which must be there; all others are told, not judged.
 */
export type PlatformsPolicy =
  { readonly kind: "all" } | { readonly kind: "required" | "only"; readonly platforms: readonly string[] }

export type PolicyException = {
  /** A vulnerability id or alias; without it the exception is about packages that nothing could assess. */
  readonly id?: string
  /** purl pattern. */
  readonly package?: string
  /** Globs over `registry/repository`; none means every image. */
  readonly images: readonly string[]
  readonly platforms: readonly string[]
  readonly reason: string
  readonly owner?: string
  /** As written; `expiresAt` is the moment, in ISO 8601. */
  readonly expires?: string
  readonly expiresAt?: string
}

export type UnassessedPolicy = {
  readonly packages: Effect
  readonly nothingRecognised: Effect
  readonly unsupportedOs: Effect
}

/** Somebody whose signature counts, and for which images. */
export type TrustedPublisher = {
  readonly publisher: string
  /** Public keys in PEM; `fingerprint` is SHA-256 of the PKIX DER in base64. */
  readonly keys: readonly { readonly pem: string; readonly fingerprint: string }[]
  /** Keyless identities: the certificate's issuer, and its subject exactly. */
  readonly identities: readonly { readonly issuer: string; readonly subject: string }[]
  /** Globs over `registry/repository` of the image that is judged; none means every image. */
  readonly images: readonly string[]
}

/** What a missing signature does. Without `image` nobody looks for a signature on the image itself. */
export type SignaturesPolicy = { readonly image?: Effect; readonly sbom: Effect; readonly evidence: Effect }

export type VexPolicy = {
  /** Read VEX documents that are attached to the image and its platforms. */
  readonly referrers: boolean
  /** Publishers of `trusted` whose attached documents count; `all` means every one of them. */
  readonly publishers: "all" | readonly string[]
  /** Authors whose statements count in documents that the operator passes; `all` means every one of them. */
  readonly authors: "all" | readonly string[]
  /** Statements about one product that contradict each other at the same time. */
  readonly conflict: Effect
  /** Documents that cannot be read or used. */
  readonly unusable: Effect
}

/** A finding that is likelier than `threshold` (EPSS score, 0 to 1) to be exploited within 30 days. */
export type EpssPolicy = { readonly threshold: number; readonly effect: Effect }

export type RegressionPolicy = {
  readonly newFindings: Effect
  readonly newPackages: Effect
  readonly platformDropped: Effect
  readonly rollback: Effect
  readonly baseOs: Effect
}

export type LedgerPolicy = {
  readonly unused: Effect
  readonly expiring: Effect
  readonly expired: Effect
  readonly fixable: Effect
  /** How long before its end an exception counts as expiring. */
  readonly within: number
}

/** A policy with every default filled in; ages are milliseconds. */
export type Policy = {
  readonly version: 1
  /** Where it came from, for people; no part of its digest. */
  readonly source: string
  readonly severity: Severity
  readonly unknownSeverity: Effect
  readonly fixableOnly: boolean
  readonly unassessed: UnassessedPolicy
  readonly platforms: PlatformsPolicy
  /** The only method that is accepted, if any. */
  readonly method?: ScanMethod
  readonly evidence: {
    readonly required: readonly string[]
    readonly copy: "all" | readonly string[]
    /** How old SBOMs and required attestations may be; without it their age does not matter. */
    readonly maxAge?: number
  }
  readonly trusted: readonly TrustedPublisher[]
  /**
   * The gate's own keys at the time of judging, by fingerprint or identity: no key of the file, and no part of the digest.
   * Without it whatever was observed as signed by ourselves counts.
   */
  readonly ownKeys?: readonly string[]
  readonly signatures: SignaturesPolicy
  readonly vex: VexPolicy
  /** What a vulnerability of CISA's catalogue does at any severity; without it nobody looks. */
  readonly knownExploited?: Effect
  readonly epss?: EpssPolicy
  /** Age of the two feeds, and what an older or a missing one does. */
  readonly riskFeeds: { readonly maxAge: number; readonly stale: Effect; readonly missing: Effect }
  readonly regression?: RegressionPolicy
  /** What a difference between SBOM and file system does; without it nobody compares. */
  readonly crossExamination?: Effect
  readonly ledger: LedgerPolicy
  readonly database: { readonly maxAge: number; readonly stale: Effect; readonly unknown: Effect }
  readonly verdict: { readonly maxAge: number }
  readonly endOfLife: Effect
  readonly exceptions: readonly PolicyException[]
}

const hour = 60 * 60 * 1000

/** The policy of a module that was given none. */
export function defaultPolicy(): Policy {
  return {
    version: 1,
    source: "default policy",
    severity: "HIGH",
    unknownSeverity: "report",
    fixableOnly: false,
    unassessed: { packages: "block", nothingRecognised: "block", unsupportedOs: "block" },
    platforms: { kind: "all" },
    evidence: { required: [], copy: "all" },
    // Trivy's database is rebuilt every 6 hours; five days is also where grype stops (its db.max-allowed-built-age).
    database: { maxAge: 120 * hour, stale: "block", unknown: "block" },
    verdict: { maxAge: 24 * hour },
    endOfLife: "block",
    trusted: [],
    signatures: { sbom: "report", evidence: "report" },
    vex: { referrers: true, publishers: "all", authors: "all", conflict: "block", unusable: "report" },
    riskFeeds: { maxAge: 72 * hour, stale: "block", missing: "block" },
    ledger: { unused: "report", expiring: "report", expired: "report", fixable: "report", within: 7 * 24 * hour },
    exceptions: [],
  }
}

/** Identity of what a policy demands: the order of its exceptions, and where it came from, do not count. */
export function policyDigest(policy: Policy): Digest {
  const { source: _source, ownKeys: _ownKeys, exceptions, trusted, ...rest } = policy
  return digestOf(canonicalJson({ ...rest, exceptions: sortCanonical(exceptions), trusted: sortCanonical(trusted) }))
}
