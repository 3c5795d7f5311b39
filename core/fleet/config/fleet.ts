// A fleet: all mirrors and promotions of one file, with every default filled in, and the chains that they make.
import type { ScanMethod } from "../../findings/assessment.js"
import type { Digest } from "../../oci/digest.js"
import type { Repository } from "../../oci/reference.js"
import type { TagSelection } from "../../oci/tags.js"
import type { Policy } from "../../policy/document/policy.js"
import type { RegistryLimits } from "../../ports.js"

/** By when an image was made; ages are milliseconds. */
export type AgeSelection = {
  readonly max?: number
  readonly min?: number
  readonly unknown: "fail" | "include" | "exclude"
}

type EntryBase = {
  readonly source: Repository
  readonly target: Repository
  readonly tags: TagSelection
  readonly age?: AgeSelection
  /** A repository or pattern without a tag is accepted. */
  readonly allowMissing: boolean
}

/** When referrers are looked at: only with an image that comes, always, or never. */
export type ReferrersMode = "with-image" | "always" | "never"

export type MirrorEntry = EntryBase & {
  readonly kind: "mirror"
  readonly referrers: ReferrersMode
  readonly history: boolean
  readonly provenance: boolean
  readonly platforms: readonly string[]
  readonly force: boolean
}

export type PromotionEntry = EntryBase & {
  readonly kind: "promotion"
  readonly method: ScanMethod
  /** "" for CycloneDX, else SPDX. */
  readonly predicateType: string
  /** Of the fleet's policies; undefined for the call's. */
  readonly policy?: string
  readonly deleteSource: boolean
  readonly judgeAgain: boolean
}

export type FleetEntry = MirrorEntry | PromotionEntry

export type Fleet = {
  /** Where it came from, for people; no part of its digest. */
  readonly source: string
  /** Of what the file says, whatever its order, comments and spelling of defaults. */
  readonly digest: Digest
  readonly registries: readonly (RegistryLimits & { readonly anonymous: boolean })[]
  readonly policies: ReadonlyMap<string, Policy>
  readonly entries: readonly FleetEntry[]
}
