// A repository to delete from: one image of two platforms with evidence on everything, and a second image.
import { type DeletionPlan } from "../../../core/delete/deletion.js"
import { type DeletionInput, type ManifestNode, type TagEntry } from "../../../core/delete/deletion-input.js"
import { type Digest, digestOf } from "../../../core/oci/digest.js"

export const d = (name: string): Digest => digestOf(name)
export const fallbackTag = (name: string) => d(name).replace(":", "-")

const names = "image amd64 arm64 sbom scan signature other other-amd64 fallback history".split(" ")
const nameOf = new Map(names.map((name) => [d(name), name]))
/** Digests as their names, for readable expectations. */
export const named = (digest: Digest) => nameOf.get(digest) ?? digest

export const manifests: readonly ManifestNode[] = [
  { digest: d("image"), children: [d("amd64"), d("arm64")] },
  { digest: d("amd64") },
  { digest: d("arm64") },
  { digest: d("sbom"), subject: d("amd64") },
  { digest: d("signature"), subject: d("sbom") },
  { digest: d("scan"), subject: d("image") },
  { digest: d("other"), children: [d("other-amd64")] },
]

export const tags: readonly TagEntry[] = [
  { tag: "1.0", digest: d("image") },
  { tag: "2.0", digest: d("other") },
  { tag: "mirror-history", digest: d("history") },
]

export const target: DeletionInput["target"] = { digest: d("image"), tag: "1.0" }

/** The input of a deletion on a registry with OCI DELETE. */
export function anInput(changes: Partial<DeletionInput> = {}): DeletionInput {
  return { target, repository: { kind: "manifest", tags }, manifests, ...changes }
}

/** The same repository with more tags. */
export function withTags(...more: readonly TagEntry[]): DeletionInput["repository"] {
  return { kind: "manifest", tags: [...tags, ...more] }
}

/** GHCR's view: one version for each digest, with its tags. */
export function versionsOf(all: readonly TagEntry[] = tags, nodes: readonly ManifestNode[] = manifests) {
  const digests = [...new Set([...nodes.map(({ digest }) => digest), ...all.map(({ digest }) => digest)])]
  return digests.map((digest, i) => ({
    id: i + 1,
    digest,
    tags: all.filter((entry) => entry.digest === digest).map(({ tag }) => tag),
  }))
}

/** The referrers-tag index of the image. */
export const fallback: ManifestNode = { digest: d("fallback"), children: [d("scan")] }

/** What a plan deletes, by name and in order; a plan that deletes nothing is returned as it is. */
export const gone = (plan: DeletionPlan) =>
  plan.kind === "delete" ? plan.steps.map(({ digest }) => named(digest)) : plan

/** What a plan keeps, by name, and why. */
export const kept = (plan: DeletionPlan) =>
  plan.kind === "gone" ? [] : plan.kept.map(({ digest, why }) => [named(digest), why])
