// The plan for deleting one image. By digest a registry removes every tag of the digest at once, and on GHCR the last
// tagged version takes the package along: so the plan asks first who else needs what, and refuses by name.
// Order: evidence (leaf to root), then the image, then the platforms that only it listed. An index goes before what
// it lists, because Harbor, zot and Docker Hub refuse a manifest that an index still lists, and because a deletion
// that stops in between must never leave a tag at an index with holes.
import { type DeletionPlan, type DeletionStep, type Kept } from "./deletion.js"
import { buildDeletionGraph, type DeletionGraph, type DeletionInput } from "./deletion-input.js"
import { findGone, refuseImage, refuseLastTagged, refuseMoved, refuseTag, refuseUntagged } from "./deletion-refusals.js"
import { type DeletionScope, type Member, selectScope } from "./deletion-scope.js"

/** Plans the deletion of one image; reads nothing and changes nothing. */
export function planDeletion(input: DeletionInput): DeletionPlan {
  const graph = buildDeletionGraph(input)
  const early = refuseTag(input) ?? findGone(input, graph) ?? refuseMoved(input, graph)
  if (early !== undefined) return early
  const scope = selectScope(input, graph)
  if (input.repository.kind === "tag") return planTags(input, graph, scope)
  const refused = refuseImage(input, graph, scope)
  if (refused !== undefined) return refused
  const members = scope.members.filter(({ role }) => role !== "child" || input.includeChildren !== false)
  const left = scope.members.filter((member) => !members.includes(member))
  const kept = [...scope.kept, ...left.map(({ digest }) => ({ digest, why: "platform manifests are left in place" }))]
  const steps = members.flatMap((member) => buildStep(member, input))
  return refuseLastTagged(input, steps) ?? { kind: "delete", steps, kept }
}

/** Docker Hub's API deletes no manifests: the image's tag goes, and the evidence tags of what nobody else needs. */
function planTags(input: DeletionInput, graph: DeletionGraph, scope: DeletionScope): DeletionPlan {
  const { digest, tag } = input.target
  if (tag === undefined) return refuseUntagged(digest)
  const refused = refuseImage(input, graph, scope)
  const names = [tag, ...(input.target.aliases ?? [])]
  const images = names.map((name): DeletionStep => ({ kind: "tag", role: "image", digest, tag: name }))
  if (refused !== undefined && refused.code !== "shared-tag") return refused
  if (refused !== undefined) return { kind: "delete", steps: images, kept: [{ digest, why: refused.reason }] }
  const evidence = scope.members.flatMap(({ digest, role, tag }): DeletionStep[] =>
    tag === undefined ? [] : [{ kind: "tag", role, digest, tag }],
  )
  const left = scope.members.filter((member) => member.role !== "image" && member.tag === undefined)
  const kept: Kept[] = left.map((member) => ({ digest: member.digest, why: "this registry deletes tags only" }))
  return { kind: "delete", steps: [...evidence, ...images], kept: [...scope.kept, ...kept] }
}

/** A member that GHCR does not list is gone already. */
function buildStep({ digest, role, tag: found }: Member, { target, repository }: DeletionInput): DeletionStep[] {
  const tag = role === "image" ? target.tag : found
  const common = { role, digest, ...(tag === undefined ? {} : { tag }) }
  if (repository.kind !== "version") return [{ kind: "manifest", ...common }]
  const version = repository.versions.find((candidate) => candidate.digest === digest)
  return version === undefined ? [] : [{ kind: "version", id: version.id, ...common }]
}
