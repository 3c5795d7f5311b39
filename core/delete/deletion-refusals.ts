// What a plan refuses, each with a name. The rule behind all: a deletion by digest takes every tag of the digest along,
// and nobody can be asked afterwards.
import { listSome } from "../list-some.js"
import { type Digest } from "../oci/digest.js"
import { isReservedTag } from "../oci/reserved-tags.js"
import { type DeletionPlan, type DeletionStep, type SkipCode } from "./deletion.js"
import { type DeletionGraph, type DeletionInput } from "./deletion-input.js"
import { type DeletionScope, freedTags } from "./deletion-scope.js"

type Skip = Extract<DeletionPlan, { kind: "skip" }>

/** A tag that names no image. */
export function refuseTag({ target }: DeletionInput): DeletionPlan | undefined {
  if (target.tag === undefined || !isReservedTag(target.tag)) return undefined
  return skip("reserved-tag", `tag ${target.tag} holds evidence or the mirror history and is no image`)
}

/** What is no longer there needs no deletion. */
export function findGone({ target, repository }: DeletionInput, graph: DeletionGraph): DeletionPlan | undefined {
  const { tag, digest } = target
  if (tag !== undefined && !graph.tags.some((entry) => entry.tag === tag)) {
    return { kind: "gone", reason: `tag ${tag} is not there (any more)` }
  }
  const isUnlisted = repository.kind === "version" && !repository.versions.some((version) => version.digest === digest)
  return isUnlisted ? { kind: "gone", reason: `${digest} is not there (any more)` } : undefined
}

/** What was decided about is not what the tag names now. */
export function refuseMoved({ target }: DeletionInput, graph: DeletionGraph): DeletionPlan | undefined {
  const named = [target.tag, ...(target.aliases ?? [])]
  const now = graph.tags.find(({ tag, digest }) => named.includes(tag) && digest !== target.digest)
  if (now === undefined) return undefined
  return skip("tag-moved", `tag ${now.tag} now points to ${now.digest}, not to ${target.digest}`)
}

/** What protects the image itself. */
export function refuseImage(
  { target, ...input }: DeletionInput,
  graph: DeletionGraph,
  scope: DeletionScope,
): Skip | undefined {
  const { digest } = target
  const doomed = new Set(scope.members.map((member) => member.digest))
  const freed = freedTags(doomed, { target, ...input })
  const shared = graph.tagsOf.get(digest)?.filter((tag) => !freed.has(tag)) ?? []
  if (shared.length > 0)
    return skip("shared-tag", `${digest} also has ${names("tag", shared)}: deleting it removes all`)
  const index = graph.parentsOf.get(digest)?.find((parent) => !doomed.has(parent))
  if (index !== undefined) return skip("listed-by-index", `${digest} is listed by index ${index}`)
  const subject = graph.nodes.get(digest)?.subject
  if (subject !== undefined && isKnown(subject, graph) && !doomed.has(subject)) {
    return skip("still-needed", `${digest} is evidence of ${subject}, which stays`)
  }
  const why = graph.neededBy.get(digest)
  if (why !== undefined) return skip("still-needed", `${digest} is still needed: ${why}`)
  if (!graph.nodes.has(digest)) return skip("unread-manifest", `${digest} was not read: what it lists is unknown`)
  if (graph.unread.length === 0) return undefined
  return skip("unread-manifest", `${names("tag", graph.unread)} could not be read and may list ${digest}`)
}

/** Evidence of what is no longer there holds nothing back. */
function isKnown(digest: Digest, { nodes, parentsOf, tagsOf }: DeletionGraph): boolean {
  return nodes.has(digest) || parentsOf.has(digest) || tagsOf.has(digest)
}

/** GHCR refuses to delete the last tagged version; the seeds' answer was to delete the package, ours never is. */
export function refuseLastTagged(
  { repository, target }: DeletionInput,
  steps: readonly DeletionStep[],
): Skip | undefined {
  if (repository.kind !== "version") return undefined
  const going = new Set<Digest>(steps.map(({ digest }) => digest))
  const staying = repository.versions.filter(({ digest }) => !going.has(digest))
  const hadTags = repository.versions.some(({ tags }) => tags.length > 0)
  if (staying.some(({ tags }) => !hadTags || tags.length > 0)) return undefined
  const name = target.tag ?? target.digest
  return skip(
    "last-tagged-version",
    `${name} is the last tagged version of its package: GitHub would only delete the whole package, which is never done`,
  )
}

/** Docker Hub's API knows tags only. */
export function refuseUntagged(digest: Digest): Skip {
  return skip("tag-needed", `${digest}: this registry deletes tags only, so name the tag`)
}

function skip(code: SkipCode, reason: string): Skip {
  return { kind: "skip", code, reason, kept: [] }
}

function names(noun: string, all: readonly string[]): string {
  return `${noun}${all.length > 1 ? "s" : ""} ${listSome(all, 5)}`
}
