// What is told of one image of a quarantine.
import type { DeletionResult } from "../delete/deletion.js"
import type { Digest } from "../oci/digest.js"
import { nameOfTagged } from "../oci/reference.js"

/** One image: a digest with all of its tags, sorted. */
export type RetentionRow = {
  readonly digest: Digest
  readonly tags: readonly string[]
  readonly decision: "delete" | "keep"
  readonly why: string
  readonly since?: string
  readonly dated?: "provenance" | "history"
  /** Manifests that go with it, and that stay though it goes. */
  readonly goes?: readonly Digest[]
  readonly stays?: readonly { readonly digest: Digest; readonly why: string }[]
}

/** How an image ended: what decides whether a job fails by it. */
export type RetainedEnd = Pick<RetentionRow, "tags" | "decision"> & {
  readonly digest?: Digest | undefined
  readonly done?: Pick<DeletionResult, "status"> | undefined
}

/** Deletions that were to be made and were not. */
export function failuresOf(
  repository: string,
  images: readonly RetainedEnd[],
): readonly { readonly target: string; readonly outcome: string }[] {
  const isDone = ({ done }: RetainedEnd) => done?.status === "deleted" || done?.status === "skipped"
  return images
    .filter((image) => image.decision === "delete" && !isDone(image))
    .map((image) => ({ target: nameOfTagged(repository, image), outcome: "failed" }))
}
