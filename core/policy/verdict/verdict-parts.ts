// What moved findings aside, as a verdict tells it: exceptions, an override, VEX; and the comparison with the image that
// is promoted.
import type { SignatureFact } from "../../attestation/signature.js"
import type { Digest } from "../../oci/digest.js"

export type ExceptionUse = {
  readonly id?: string
  readonly package?: string
  readonly reason: string
  readonly owner?: string
  readonly expires?: string
  readonly state: "used" | "unused" | "expired" | "expiring"
  /** How many findings or packages it moved aside. */
  readonly uses: number
  /** The purls of what it moved aside, without qualifiers, sorted: the first hundred. */
  readonly packages?: readonly string[]
  /** Versions that fix what it accepts, sorted, the first hundred: it could be updated away. */
  readonly fixedIn?: readonly string[]
}

/** Somebody's decision to let named vulnerabilities pass, once, for one digest. */
export type Override = {
  /** The image that it is about; for any other it is nothing. */
  readonly digest: Digest
  readonly approver: string
  readonly reason: string
  /** Where it was decided: an issue or a change, such as a URL. */
  readonly reference: string
  /** What it covers, and nothing else. */
  readonly cves: readonly string[]
  /** Its last moment, ISO 8601 in UTC. */
  readonly expires: string
  /** When it was granted, ISO 8601 in UTC. */
  readonly grantedAt: string
}

/** An override in a verdict, with what it did there. */
export type OverrideUse = Override & {
  readonly state: "used" | "unused" | "expired"
  /** The named vulnerabilities that it let pass. */
  readonly covered: readonly string[]
  /** Named, and not found. */
  readonly notFound: readonly string[]
}

/** One VEX document in a verdict: whether it counted, and what each of its statements did. */
export type VexUse = {
  readonly source: string
  readonly digest: Digest
  readonly format: "openvex" | "cyclonedx" | "csaf"
  readonly author: string
  readonly publisher?: string
  readonly signature: SignatureFact["status"]
  readonly trusted: boolean
  /** Why it does not count. */
  readonly why?: string
  /** Findings that its statements suppressed: vulnerability, platform and package. */
  readonly suppressed: readonly { readonly id: string; readonly platform: string; readonly purl: string }[]
  /** Vulnerabilities of statements that match nothing in this image, sorted, the first thousand. */
  readonly unmatched: readonly string[]
  readonly statements: number
}

/** The image compared with the promoted one; finding names are `id package`. */
export type Regression = {
  readonly baseline: string
  readonly digest: Digest
  readonly newFindings: readonly string[]
  readonly fixedFindings: readonly string[]
  readonly sameFindings: number
  readonly newPackages: readonly string[]
  readonly removedPackages: readonly string[]
  readonly droppedPlatforms: readonly string[]
}
