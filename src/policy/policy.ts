// What an operator demands of an image before it may pass. Every key is enforced, or refused: docs/policy.md explains
// each. Reading the YAML is parse-policy.ts; applying it is evaluate.ts.
import type { ScanMethod } from "../findings/assessment.js"
import { canonicalJson, sortCanonical } from "../findings/canonical-json.js"
import type { Severity } from "../findings/finding.js"
import { type Digest, digestOf } from "../oci/digest.js"

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
  readonly evidence: { readonly required: readonly string[]; readonly copy: "all" | readonly string[] }
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
    exceptions: [],
  }
}

/** Identity of what a policy demands: the order of its exceptions, and where it came from, do not count. */
export function policyDigest(policy: Policy): Digest {
  const { source: _source, exceptions, ...rest } = policy
  return digestOf(canonicalJson({ ...rest, exceptions: sortCanonical(exceptions) }))
}
