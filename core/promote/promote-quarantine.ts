// The daily job: every image of the quarantine gated and promoted, side by side, once for all tags that it has. One bad
// tag never stops the others; each ends in one outcome with a reason.
import pLimit, { type LimitFunction } from "p-limit"
import { CsscError } from "../errors.js"
import { gate } from "../gate/gate.js"
import { pin } from "../image/image-graph.js"
import { unknownRepository } from "../image/missing-image.js"
import type { Digest } from "../oci/digest.js"
import { type PinnedReference, repositoryName } from "../oci/reference.js"
import { selectTags } from "../oci/tags.js"
import type { Operation } from "../operation.js"
import { deletePromoted } from "./delete-promoted.js"
import { promoteTogether } from "./promote.js"
import type { QuarantineRequest, TagRun } from "./quarantine-run.js"

/** Digests under way at once: what they ask of a registry waits for its connections, so more would only take memory. */
export const DIGESTS_AT_ONCE = 32

export type QuarantineRun = {
  readonly tags: readonly TagRun[]
  /** Why there was no tag to work on. */
  readonly emptyReason?: string
  /** The registry does not know the repository, which is no empty one. */
  readonly missing?: boolean
}

export async function promoteQuarantine(operation: Operation, request: QuarantineRequest): Promise<QuarantineRun> {
  const listed = await operation.registry.tags(request.source)
  if (listed === undefined)
    return {
      tags: [],
      emptyReason: `${unknownRepository(request.source).reason} (--allow-missing where a registry forgets a repository that is empty)`,
      missing: true,
    }
  const tags = selectTags(listed, request.tags)
  if (tags.length === 0)
    return {
      tags: [],
      emptyReason: `none of the ${listed.length} tags of ${repositoryName(request.source)} is an image tag that was asked for`,
    }
  return { tags: await promoteTags(operation, request, { tags }) }
}

/** `known` are digests that tags were resolved to already; `limit` bounds what is under way beside others. */
export type TagsToPromote = {
  readonly tags: readonly string[]
  readonly known?: ReadonlyMap<string, Digest>
  readonly limit?: LimitFunction
  readonly done?: (run: TagRun) => void
}

/** The given tags, gated and promoted: each ends in its own outcome. */
export async function promoteTags(
  operation: Operation,
  request: QuarantineRequest,
  { tags, known = new Map(), limit = pLimit(DIGESTS_AT_ONCE), done = () => undefined }: TagsToPromote,
): Promise<readonly TagRun[]> {
  const { images, failed } = await pinTags(operation, request, tags, known)
  failed.forEach(done)
  const run = async (aliases: Aliases) => {
    const name = aliases.map(({ tag }) => tag).join(", ")
    const ended = await operation.step(name, () => runDigest(operation, request, aliases))
    ended.forEach(done)
    return ended
  }
  const groups = await Promise.all(images.map((aliases) => limit(() => run(aliases))))
  const runs = new Map([...failed, ...groups.flat()].map((run) => [run.tag, run]))
  const sorted = tags.flatMap((tag) => runs.get(tag) ?? [])
  return request.deleteSource && !request.dryRun ? await deletePromoted(operation, request, sorted) : sorted
}

/** Tags of one digest, which is judged once. */
type Aliases = readonly (PinnedReference & { readonly tag: string })[]

async function pinTags(
  operation: Operation,
  request: QuarantineRequest,
  tags: readonly string[],
  known: ReadonlyMap<string, Digest>,
): Promise<{ images: readonly Aliases[]; failed: readonly TagRun[] }> {
  const failed: TagRun[] = []
  const images = new Map<Digest, Aliases>()
  const pinned = await Promise.all(
    tags.map(async (tag) => {
      try {
        const digest = known.get(tag)
        const image = { ...request.source, tag, ...(digest === undefined ? {} : { digest }) }
        return { ...(await pin(operation.registry, image)), tag }
      } catch (error) {
        failed.push(failedRun(operation, tag, error))
        return undefined
      }
    }),
  )
  for (const image of pinned)
    if (image !== undefined) images.set(image.digest, [...(images.get(image.digest) ?? []), image])
  return { images: [...images.values()], failed }
}

// One after the other where what they would replace differs: two promotions of one digest would see each other's
// evidence as a stranger's.
async function runDigest(operation: Operation, request: QuarantineRequest, aliases: Aliases): Promise<TagRun[]> {
  const runs: TagRun[] = []
  try {
    for (const group of await byBaseline(operation, request, aliases))
      runs.push(...(await runAliases(operation, request, group)))
    return runs
  } catch (error) {
    const open = aliases.filter(({ tag }) => !runs.some((run) => run.tag === tag))
    return [...runs, ...open.map(({ tag }) => failedRun(operation, tag, error))]
  }
}

/** Groups that are compared with the same image; without a comparison there is one. */
async function byBaseline(
  { registry, policy }: Operation,
  { target }: QuarantineRequest,
  aliases: Aliases,
): Promise<readonly Aliases[]> {
  if (policy.regression === undefined) return [aliases]
  const groups = new Map<Digest | undefined, Aliases>()
  for (const image of aliases) {
    const promoted = await registry.resolve({ ...target, tag: image.tag })
    groups.set(promoted, [...(groups.get(promoted) ?? []), image])
  }
  return [...groups.values()]
}

async function runAliases(operation: Operation, request: QuarantineRequest, aliases: Aliases): Promise<TagRun[]> {
  const [image] = aliases
  if (image === undefined) return []
  const { target, method, predicateType, dryRun, vex, targetDeletionWay } = request
  const gated = await gate(operation, {
    image,
    method,
    predicateType,
    baseline: { ...target, tag: image.tag },
    ...(vex === undefined ? {} : { vex }),
  })
  const way = targetDeletionWay === undefined ? {} : { deletionWay: targetDeletionWay }
  const requests = aliases.map((source) => ({ source, target: { ...target, tag: source.tag }, dryRun, ...way }))
  const promotions = await promoteTogether(operation, gated, requests)
  return aliases.map((source, at) => {
    const promotion = promotions[at]
    if (promotion === undefined || promotion.failure !== undefined)
      return failedRun(operation, source.tag, promotion?.failure)
    return { tag: source.tag, promotion: promotion.result, gate: { ...gated, image: source } }
  })
}

function failedRun(operation: Operation, tag: string, error: unknown): TagRun {
  const told = error instanceof CsscError ? error.message : `[TOOL_FAILED] ${String(error)}`
  operation.progress(`${tag}: failed: ${told}`)
  return { tag, error: told }
}
