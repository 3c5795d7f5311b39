// What a deletion is: a plan that is data, and a result that says what went, what stayed and why.
import { type Digest } from "../oci/digest.js"

/** One request to the registry. A `version` is GHCR's: one digest with all of its tags. */
export type DeletionStep =
  | { readonly kind: "manifest"; readonly role: DeletionRole; readonly digest: Digest; readonly tag?: string }
  | {
      readonly kind: "version"
      readonly role: DeletionRole
      readonly digest: Digest
      readonly id: number
      readonly tag?: string
    }
  | { readonly kind: "tag"; readonly role: DeletionRole; readonly digest: Digest; readonly tag: string }

/** Evidence goes before the image, and the platforms that only the image lists go after it. */
export type DeletionRole = "evidence" | "image" | "child"

/** Something that stays, for people: a digest, the tag if it has one, and why. */
export type Kept = { readonly digest: Digest; readonly tag?: string; readonly why: string }

/** Why a plan refuses; the reason in words is next to it. */
export type SkipCode =
  | "reserved-tag"
  | "tag-needed"
  | "tag-moved"
  | "shared-tag"
  | "listed-by-index"
  | "unread-manifest"
  | "still-needed"
  | "last-tagged-version"

export type DeletionPlan =
  | { readonly kind: "delete"; readonly steps: readonly DeletionStep[]; readonly kept: readonly Kept[] }
  | { readonly kind: "gone"; readonly reason: string }
  | { readonly kind: "skip"; readonly code: SkipCode; readonly reason: string; readonly kept: readonly Kept[] }

/** What a dry run says of each manifest. */
export const wouldBeDeleted = "would be deleted"

/** What was deleted, in order. */
export type Deleted = { readonly digest: Digest; readonly tag?: string }

/**
 * `deleted`: the image is gone. `skipped`: we refused, and touched nothing. `failed`: the registry refused; `deleted`
 * then says what had gone before.
 */
export type DeletionResult = {
  readonly status: "deleted" | "skipped" | "failed"
  readonly reason?: string
  readonly deleted: readonly Deleted[]
  readonly kept: readonly Kept[]
}
