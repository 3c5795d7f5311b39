// Removes what newer evidence replaced, by the way that its registry offers; the newer is looked for once more before.
import { explainFailure } from "../delete/execute-deletion.js"
import type { PackageVersions } from "../delete/ghcr-deletion.js"
import { assertNever, isNotFound } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { bare, type Repository } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import type { Pruned, PruneRequest } from "./pruned.js"

type Remove = (digest: Digest) => Promise<void>

/** One after the other: registries without a referrers API lose entries when two writers meet. */
export async function removeReplaced(
  { registry }: { readonly registry: Registry },
  request: PruneRequest,
  replaced: readonly Digest[],
): Promise<Pruned> {
  const remove = await removalIn(registry, request)
  if (typeof remove === "string")
    return { removed: [], note: `${replaced.length} replaced attachments stay: ${remove}` }
  const removed: Digest[] = []
  if (!(await isThere(registry, request))) return { removed, note: "what this run attached is not listed yet" }
  for (const digest of replaced) {
    try {
      await remove(digest)
      removed.push(digest)
    } catch (error) {
      if (isNotFound(error)) continue
      return {
        removed,
        note: `${replaced.length - removed.length} replaced attachments stay: ${explainFailure(error)}`,
      }
    }
  }
  return { removed }
}

// Nothing goes before what replaced it is listed.
async function isThere(registry: Registry, { target, evidence }: PruneRequest): Promise<boolean> {
  const subjects = [...new Set(evidence.map(({ subject }) => subject))]
  const trees = await Promise.all(subjects.map((digest) => registry.referrers({ ...bare(target), digest })))
  const listed = new Set(
    trees.flatMap((tree) => tree?.referrers ?? []).map(({ subject, digest }) => `${subject} ${digest}`),
  )
  return evidence.every(({ subject, digest }) => listed.has(`${subject} ${digest}`))
}

async function removalIn(
  registry: Registry,
  { target, deletionWay = { kind: "oci" } }: PruneRequest,
): Promise<Remove | string> {
  switch (deletionWay.kind) {
    case "oci":
      return (digest) => registry.remove({ ...bare(target), digest })
    case "ghcr":
      return removeVersions(deletionWay.packages, target)
    case "docker-hub":
      return "Docker Hub's API deletes tags only"
    case "none":
      return deletionWay.reason
    default:
      return assertNever(deletionWay)
  }
}

async function removeVersions(packages: PackageVersions, { repository }: Repository): Promise<Remove> {
  const [owner = "", ...path] = repository.split("/")
  const name = path.join("/")
  const ids = new Map(
    (await packages.listVersions(owner, name)).map(({ digest, tags, id }) => [
      digest,
      tags.length > 0 ? undefined : id,
    ]),
  )
  return async (digest) => {
    const id = ids.get(digest)
    if (id !== undefined) await packages.deleteVersion(owner, name, id)
  }
}
