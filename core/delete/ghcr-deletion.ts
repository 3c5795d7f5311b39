// Deletes an image of ghcr.io by GitHub's Packages API, best effort.
import { CsscError, isNotFound } from "../errors.js"
import { type DeletionResult } from "./deletion.js"
import { type DeletionInput, type DeletionOptions, type ManifestNode, type PackageVersion } from "./deletion-input.js"
import { executeDeletion, explainFailure } from "./execute-deletion.js"
import { planDeletion } from "./plan-deletion.js"

/** What is needed of the Packages API; registry/rest/ghcr-packages.ts has it. */
export type PackageVersions = {
  listVersions(owner: string, name: string): Promise<readonly PackageVersion[]>
  deleteVersion(owner: string, name: string, id: number): Promise<void>
}

export type GhcrDeletion = DeletionOptions & {
  /** `owner/name`, as in the reference without its host. */
  readonly repository: string
  readonly target: DeletionInput["target"]
  readonly needed?: NonNullable<DeletionInput["needed"]>
  /** Reads what `DeletionInput.manifests` asks for, given what the API lists. */
  readonly readManifests: (versions: readonly PackageVersion[]) => Promise<readonly ManifestNode[]>
}

/** Lists, plans and deletes; every refusal, also of the listing, is a result with a reason. */
export async function deleteFromGhcr(deletion: GhcrDeletion, packages: PackageVersions): Promise<DeletionResult> {
  try {
    return await listPlanDelete(deletion, packages)
  } catch (error) {
    return { status: "failed", reason: explainFailure(error), deleted: [], kept: [] }
  }
}

async function listPlanDelete(deletion: GhcrDeletion, packages: PackageVersions): Promise<DeletionResult> {
  const { repository, readManifests, ...rest } = deletion
  const [owner = "", ...path] = repository.split("/")
  const name = path.join("/")
  const versions = await packages.listVersions(owner, name)
  const manifests = await readManifests(versions)
  const plan = planDeletion({ ...rest, repository: { kind: "version", versions }, manifests })
  return executeDeletion(plan, {
    deleteManifest: () => Promise.reject(new CsscError("ARGUMENT_INVALID", "ghcr.io deletes package versions only")),
    deleteVersion: versionDeleter(packages, owner, name),
  })
}

/**
 * GitHub answers 404 for what is gone, and also for what the token may see but not delete
 * (actions/delete-package-versions#237): so a 404 is believed only when the version is no longer listed.
 */
function versionDeleter(packages: PackageVersions, owner: string, name: string) {
  let listedNow: Promise<ReadonlySet<number>> | undefined
  return async (id: number): Promise<void> => {
    try {
      await packages.deleteVersion(owner, name, id)
    } catch (error) {
      if (!isNotFound(error)) throw error
      listedNow ??= listIds(packages, owner, name)
      if (!(await listedNow).has(id)) throw error
      throw new CsscError("REGISTRY_UNAUTHORIZED", `GitHub hides a missing right behind a 404: ${error.reason}`)
    }
  }
}

async function listIds(packages: PackageVersions, owner: string, name: string): Promise<ReadonlySet<number>> {
  try {
    const versions = await packages.listVersions(owner, name)
    return new Set(versions.map(({ id }) => id))
  } catch (error) {
    if (isNotFound(error)) return new Set()
    throw error
  }
}
