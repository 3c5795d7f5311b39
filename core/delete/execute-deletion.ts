// Carries a plan out, best effort: a refusal is a status with a reason, never an exception, since a promotion that
// has happened must not fail over its clean-up.
// Until the image is gone, the first refusal stops everything: evidence that cannot go keeps its image, and a registry
// that refuses one deletion is not asked a hundred times. The tag is deleted with the image, so the same call can be
// made again. What only the image listed comes last, and each of those is tried, since nothing leads to it any more.
import { CsscError, isNotFound } from "../errors.js"
import { type Digest } from "../oci/digest.js"
import { type Deleted, type DeletionPlan, type DeletionResult, type DeletionStep, type Kept } from "./deletion.js"

/** How things are deleted. Each throws `REGISTRY_NOT_FOUND` for what is gone, which counts as deleted. */
export type Deleter = {
  deleteManifest(digest: Digest): Promise<void>
  /** Removes one tag and leaves the manifest; needed for plans with steps of kind `tag`. */
  deleteTag?(tag: string): Promise<void>
  /** Deletes a version of GHCR; needed for plans with steps of kind `version`. */
  deleteVersion?(id: number, digest: Digest): Promise<void>
}

/** Deletes step by step and tells what went, what stayed and why. */
export async function executeDeletion(plan: DeletionPlan, deleter: Deleter): Promise<DeletionResult> {
  if (plan.kind === "gone") return { status: "deleted", reason: plan.reason, deleted: [], kept: [] }
  if (plan.kind === "skip") return { status: "skipped", reason: plan.reason, deleted: [], kept: plan.kept }
  const deleted: Deleted[] = []
  const kept: Kept[] = [...plan.kept]
  let failure: string | undefined
  for (const step of plan.steps) {
    if (failure !== undefined) {
      kept.push({ ...describe(step), why: "not tried, since an earlier step failed" })
      continue
    }
    const why = await attempt(step, deleter)
    if (why === undefined) deleted.push(describe(step))
    else kept.push({ ...describe(step), why })
    if (step.role !== "child") failure = why
  }
  return failure === undefined
    ? { status: "deleted", deleted, kept }
    : { status: "failed", reason: failure, deleted, kept }
}

/** Why a step failed, or `undefined`. */
async function attempt(step: DeletionStep, deleter: Deleter): Promise<string | undefined> {
  try {
    await carryOut(step, deleter)
    return undefined
  } catch (error) {
    if (isNotFound(error)) return undefined
    return explainFailure(error)
  }
}

async function carryOut(step: DeletionStep, deleter: Deleter): Promise<void> {
  switch (step.kind) {
    case "manifest":
      return deleter.deleteManifest(step.digest)
    case "tag":
      if (deleter.deleteTag === undefined) throw unable("tags")
      return deleter.deleteTag(step.tag)
    case "version":
      if (deleter.deleteVersion === undefined) throw unable("package versions")
      return deleter.deleteVersion(step.id, step.digest)
  }
}

/** Why a deletion failed, and what to do where the registry has none. */
export function explainFailure(error: unknown): string {
  const text = error instanceof CsscError ? error.reason : error instanceof Error ? error.message : String(error)
  if (!(error instanceof CsscError) || error.code !== "DELETION_UNSUPPORTED") return text
  return `the registry does not allow deletion; allow it there, or delete by the registry's own API (${text})`
}

function describe({ digest, tag }: DeletionStep): Deleted {
  return { digest, ...(tag === undefined ? {} : { tag }) }
}

function unable(what: string): CsscError {
  return new CsscError("ARGUMENT_INVALID", `no way to delete ${what} was given for this registry`)
}
