// Which images of a quarantine have been there for long enough to go, and why each other stays. Pure: what is there, how old
// it is and what is asked come in; a list of decisions comes out. What another tag, index, attachment or the history needs
// is asked of the plan that every deletion makes (core/delete), one image after the other: what one frees, the next sees.
import type { DeletionPlan } from "../delete/deletion.js"
import type { DeletableRepository, DeletionInput, ManifestNode, TagEntry } from "../delete/deletion-input.js"
import { planDeletion } from "../delete/plan-deletion.js"
import { compareText } from "../findings/canonical-json.js"
import type { Digest } from "../oci/digest.js"
import { isReservedTag } from "../oci/reserved-tags.js"
import { formatDuration } from "../policy/document/duration.js"
import type { Age } from "./ages.js"
import { type RetentionRow } from "./retention-row.js"

export type RetentionRule = {
  /** In milliseconds; left out: age alone keeps nothing. */
  readonly olderThan?: number
  /** This many of the images that came last stay, whatever their age. */
  readonly keepNewest: number
  readonly now: Date
}

export type RetentionInput = RetentionRule & {
  readonly kind: Exclude<DeletableRepository["kind"], "version">
  /** All tags, those of attachments and the history too. */
  readonly tags: readonly TagEntry[]
  /** As `DeletionInput.manifests`: what each tag stands for, and the closure of every image. */
  readonly manifests: readonly ManifestNode[]
  /** By digest; what is not there is of unknown age. */
  readonly ages: ReadonlyMap<Digest, Age>
  /** By digest the tags that the mirror history records it under: under any other it would be acquired again. */
  readonly recorded: ReadonlyMap<Digest, ReadonlySet<string>>
  readonly needed?: DeletionInput["needed"]
  /** Digests that a plan which somebody looked at names: nothing else goes. */
  readonly reviewed?: ReadonlySet<Digest>
}

type Image = { readonly digest: Digest; readonly tags: readonly string[]; readonly age: Age }

type Rules = Pick<RetentionInput, "recorded" | "reviewed">

/** What the rule lets go, before it is asked who needs it: of these the closure has to be read. */
export function candidatesOf(input: RetentionRule & Rules & Pick<RetentionInput, "tags" | "ages">): readonly Digest[] {
  const images = imagesOf(input)
  const newest = newestOf(images, input.keepNewest)
  return images.filter((image) => keptBy(image, input, newest) === undefined).map(({ digest }) => digest)
}

/** Deletions come first, in the order in which they can be made; the rest is sorted by tag. */
export function planRetention(input: RetentionInput): readonly RetentionRow[] {
  const images = imagesOf(input)
  const newest = newestOf(images, input.keepNewest)
  const kept = new Map<Digest, string>()
  for (const image of images) {
    const why = keptBy(image, input, newest)
    if (why !== undefined) kept.set(image.digest, why)
  }
  const open = images.filter(({ digest }) => !kept.has(digest))
  const { rows, refused } = planInTurn(open, input)
  for (const [digest, why] of refused) kept.set(digest, why)
  const staying = images.flatMap((image) => {
    const why = kept.get(image.digest)
    return why === undefined ? [] : [rowOf(image, "keep", why)]
  })
  return [...rows, ...staying]
}

function imagesOf({ tags, ages }: Pick<RetentionInput, "tags" | "ages">): readonly Image[] {
  const byDigest = new Map<Digest, string[]>()
  for (const { tag, digest } of tags)
    if (!isReservedTag(tag)) byDigest.set(digest, [...(byDigest.get(digest) ?? []), tag])
  const unknown: Age = { kind: "unknown", why: "its age was not read" }
  return [...byDigest]
    .map(([digest, own]) => ({ digest, tags: own.sort(compareText), age: ages.get(digest) ?? unknown }))
    .sort((a, b) => compareText(a.tags[0] ?? "", b.tags[0] ?? ""))
}

// Of the same moment the digest decides, so that a plan is always the same.
function newestOf(images: readonly Image[], number: number): ReadonlySet<Digest> {
  const dated = images.flatMap(({ digest, age }) =>
    age.kind === "known" ? [{ digest, time: Date.parse(age.by.time) }] : [],
  )
  const sorted = dated.sort((a, b) => b.time - a.time || compareText(a.digest, b.digest))
  return new Set(sorted.slice(0, number).map(({ digest }) => digest))
}

/** What keeps an image by the rule itself. */
function keptBy(
  { digest, tags, age }: Image,
  input: RetentionRule & Rules,
  newest: ReadonlySet<Digest>,
): string | undefined {
  const { olderThan, keepNewest, now, recorded, reviewed } = input
  if (age.kind === "unknown") return `its age is unknown: ${age.why}`
  if (olderThan !== undefined && now.getTime() - Date.parse(age.by.time) <= olderThan)
    return `it came less than ${formatDuration(olderThan)} ago`
  if (newest.has(digest)) return `it is one of the newest ${keepNewest}`
  const unrecorded = tags.find((tag) => recorded.get(digest)?.has(tag) !== true)
  if (unrecorded !== undefined)
    return `the mirror history does not record it as ${unrecorded}, so the next mirror would acquire it again`
  if (reviewed !== undefined && !reviewed.has(digest)) return "the plan that was passed does not name it"
  return undefined
}

type Planned = { readonly rows: readonly RetentionRow[]; readonly refused: ReadonlyMap<Digest, string> }

/** An index that goes frees its platforms: whoever was refused is asked again until nothing more goes. */
function planInTurn(images: readonly Image[], input: RetentionInput): Planned {
  const rows: RetentionRow[] = []
  const refused = new Map<Digest, string>()
  let [left, world]: [readonly Image[], RetentionInput] = [images, input]
  for (;;) {
    const before = left.length
    for (const image of left) {
      const plan = planOne(image, world)
      if (plan.kind !== "delete") {
        refused.set(image.digest, plan.reason)
        continue
      }
      refused.delete(image.digest)
      rows.push(deletion(image, plan))
      world = without(world, plan)
      left = left.filter((one) => one !== image)
    }
    if (left.length === before) return { rows, refused }
  }
}

function planOne({ digest, tags }: Image, { kind, tags: all, manifests, needed = [] }: RetentionInput): DeletionPlan {
  const [tag, ...aliases] = tags
  const target = { digest, aliases, ...(tag === undefined ? {} : { tag }) }
  return planDeletion({ target, repository: { kind, tags: all }, manifests, needed })
}

function deletion(image: Image, { steps, kept }: Extract<DeletionPlan, { kind: "delete" }>): RetentionRow {
  const goes = [...new Set(steps.map(({ digest }) => digest))]
  const stays = kept.map(({ digest, why }) => ({ digest, why }))
  return { ...rowOf(image, "delete", ageWords(image)), goes, ...(stays.length === 0 ? {} : { stays }) }
}

function ageWords({ age }: Image): string {
  return age.kind === "known" ? `it came ${age.by.time}, and nothing needs it` : age.why
}

function rowOf({ digest, tags, age }: Image, decision: RetentionRow["decision"], why: string): RetentionRow {
  const dated = age.kind === "known" ? { since: age.by.time, dated: age.by.source } : {}
  return { digest, tags, decision, why, ...dated }
}

/** The repository as it is after a deletion; where only tags go, what they stood for stays. */
function without(input: RetentionInput, { steps }: Extract<DeletionPlan, { kind: "delete" }>): RetentionInput {
  const tags = new Set(steps.flatMap(({ tag }) => tag ?? []))
  if (input.kind === "tag") return { ...input, tags: input.tags.filter(({ tag }) => !tags.has(tag)) }
  const gone = new Set(steps.map(({ digest }) => digest))
  return {
    ...input,
    tags: input.tags.filter(({ digest }) => !gone.has(digest)),
    manifests: input.manifests.filter(({ digest }) => !gone.has(digest)),
  }
}
