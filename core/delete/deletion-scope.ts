// What goes with an image, and what of that somebody else still needs. Expanding follows what the image lists and
// what refers to it, so a hostile index or referrer can name anything; hence everything reached is asked for other
// users, and a single one is enough to keep it, with all that hangs on it.
import { type Digest } from "../oci/digest.js"
import { evidenceTags } from "../oci/reserved-tags.js"
import { type DeletionRole, type Kept } from "./deletion.js"
import { type DeletionGraph, type DeletionInput } from "./deletion-input.js"

/** One manifest that would go. */
export type Member = {
  readonly digest: Digest
  readonly role: DeletionRole
  /** The evidence tag under which it was found. */
  readonly tag?: string
}

export type DeletionScope = { readonly members: readonly Member[]; readonly kept: readonly Kept[] }

/** Everything that the image's deletion frees, in the order of deletion: what points goes before what it points to. */
export function selectScope(input: DeletionInput, graph: DeletionGraph): DeletionScope {
  const image: Member = { digest: input.target.digest, role: "image" }
  const children = listChildren(image.digest, graph)
  const evidence = input.referrers === false ? [] : listEvidence([image, ...children], graph)
  const seen = new Set<Digest>()
  const members = [...evidence, image, ...children].filter(({ digest }) => !seen.has(digest) && seen.add(digest))
  return withdrawNeeded(members, input, graph)
}

function listChildren(image: Digest, graph: DeletionGraph): Member[] {
  const children = new Map<Digest, Member>()
  const pending = [image]
  for (let index = pending.shift(); index !== undefined; index = pending.shift()) {
    for (const digest of graph.nodes.get(index)?.children ?? []) {
      if (digest === image || children.has(digest)) continue
      children.set(digest, { digest, role: "child" })
      pending.push(digest)
    }
  }
  return [...children.values()]
}

/** Post-order over the referrers, each subject's evidence tags after its referrers; a cycle is entered once. */
function listEvidence(subjects: readonly Member[], graph: DeletionGraph): Member[] {
  const visited = new Set(subjects.map(({ digest }) => digest))
  const evidence: Member[] = []
  const visit = (owner: Digest) => {
    for (const digest of graph.referrersOf.get(owner) ?? []) {
      if (visited.has(digest)) continue
      visited.add(digest)
      visit(digest)
      evidence.push({ digest, role: "evidence" })
    }
    const tags = new Set(evidenceTags(owner))
    for (const { tag, digest } of graph.tags) {
      if (!tags.has(tag) || visited.has(digest)) continue
      visited.add(digest)
      visit(digest)
      evidence.push({ digest, role: "evidence", tag })
    }
  }
  for (const { digest } of [...subjects].reverse()) visit(digest)
  return evidence
}

/** Takes out what is needed, again and again, since what is kept needs its own evidence and children. */
function withdrawNeeded(all: readonly Member[], input: DeletionInput, graph: DeletionGraph): DeletionScope {
  const kept: Kept[] = []
  let members = all
  for (;;) {
    const doomed = new Set(members.map(({ digest }) => digest))
    const freed = freedTags(doomed, input)
    const reasons = members.map((member) => findUser(member, doomed, freed, graph))
    if (reasons.every((why) => why === undefined)) return { members, kept }
    members.forEach(({ digest, tag }, i) => {
      const why = reasons[i]
      if (why !== undefined) kept.push({ digest, ...(tag === undefined ? {} : { tag }), why })
    })
    members = members.filter((_, i) => reasons[i] === undefined)
  }
}

/** Tags that go with their manifests: the image's own, and the evidence tags of everything that goes. */
export function freedTags(doomed: ReadonlySet<Digest>, input: DeletionInput): ReadonlySet<string> {
  const own = input.target.tag === undefined ? [] : [input.target.tag]
  return new Set([...own, ...(input.target.aliases ?? []), ...[...doomed].flatMap(evidenceTags)])
}

/** Why a member stays; the image itself is the plan's question. */
function findUser(member: Member, doomed: ReadonlySet<Digest>, freed: ReadonlySet<string>, graph: DeletionGraph) {
  const { digest, role } = member
  if (role === "image") return undefined
  const tag = graph.tagsOf.get(digest)?.find((name) => !freed.has(name))
  if (tag !== undefined) return `tag ${tag} points to it`
  const index = graph.parentsOf.get(digest)?.find((parent) => !doomed.has(parent))
  if (index !== undefined) return `index ${index} lists it`
  const subject = graph.nodes.get(digest)?.subject
  if (subject !== undefined && !doomed.has(subject)) return `it is a referrer of ${subject}, which stays`
  return graph.neededBy.get(digest)
}
