// One entry's images gated and promoted, as promote-quarantine does it; what is promoted already is left alone.
import type { LimitFunction } from "p-limit"
import type { Digest } from "../../oci/digest.js"
import { bare } from "../../oci/reference.js"
import type { Operation } from "../../operation.js"
import { promoteTags } from "../../promote/promote-quarantine.js"
import type { QuarantineRequest, TagRun } from "../../promote/quarantine-run.js"
import type { PromotionEntry } from "../config/fleet.js"
import type { PlannedEntry, PlannedImage } from "../plan/planned.js"
import { failureText } from "../plan/survey.js"
import type { FleetImage, FleetOutcome } from "./fleet-result.js"

/** What the shell knows of an entry: how its registries delete, and the VEX documents of the call. */
export type PromotionSettings = Pick<QuarantineRequest, "deletionWay" | "targetDeletionWay" | "vex">

export type PromotionWork = {
  readonly operation: Operation
  readonly settings: PromotionSettings
  readonly limit: LimitFunction
  /** How the entry before ended, by tag. */
  readonly above: ReadonlyMap<string, FleetImage>
  readonly done: (image: FleetImage) => void
}

const arrived: ReadonlySet<FleetOutcome> = new Set(["copied", "completed", "unchanged", "promote"])

export async function applyPromotion(
  work: PromotionWork,
  entry: PromotionEntry,
  { images }: PlannedEntry,
): Promise<readonly FleetImage[]> {
  const begun = images.map((planned) => begin(entry, planned, work.above.get(planned.image.tag)))
  for (const one of begun) if ("outcome" in one) work.done(one)
  const wanted = begun.flatMap((one) => ("outcome" in one ? [] : [one]))
  const runs = await promoteAll(work, entry, wanted)
  return begun.map((one) => ("outcome" in one ? one : (runs.get(one.tag) ?? lost(one.tag))))
}

/** An image that is to be judged. */
type Wanted = { readonly tag: string; readonly digest: Digest }

function begin(entry: PromotionEntry, { image, action, why }: PlannedImage, above?: FleetImage): FleetImage | Wanted {
  const { tag, targetDigest, coming } = image
  if (action === "fail") return { tag, outcome: image.isUnknownAge === true ? "unknown-age" : "failed", why }
  const isThere = coming === undefined || (above !== undefined && arrived.has(above.outcome))
  const digest = coming === undefined ? image.digest : above?.digest
  if (!isThere || digest === undefined)
    return { tag, outcome: "not-there", why: `the entry before ended as ${above?.outcome ?? "nothing"}` }
  const isDone = digest === targetDigest && !entry.judgeAgain && !entry.deleteSource
  if (isDone) return { tag, digest, previousDigest: digest, outcome: "unchanged" }
  return { tag, digest }
}

async function promoteAll(
  { operation, settings, limit, done }: PromotionWork,
  { source, target, method, predicateType, deleteSource }: PromotionEntry,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, FleetImage>> {
  if (wanted.length === 0) return new Map()
  const ends = { source: bare(source), target: bare(target), tags: {} }
  const request = { ...ends, method, predicateType, deleteSource, dryRun: false, ...settings }
  const known = new Map(wanted.map(({ tag, digest }) => [tag, digest]))
  try {
    const tags = [...known.keys()]
    const runs = await promoteTags(operation, request, { tags, known, limit, done: (run) => done(imageOf(run, known)) })
    return new Map(runs.map((run) => [run.tag, imageOf(run, known)]))
  } catch (error) {
    // What is deleted at the end may fail as a whole: what was promoted before is told by the next run.
    const why = failureText(error)
    return new Map(wanted.map((one) => [one.tag, { ...one, outcome: "failed", why }]))
  }
}

function imageOf(run: TagRun, known: ReadonlyMap<string, Digest>): FleetImage {
  const { tag } = run
  const digest = known.get(tag)
  const head = { tag, ...(digest === undefined ? {} : { digest }), run }
  if ("error" in run) return { ...head, outcome: "failed", why: run.error }
  const { outcome, previousDigest } = run.promotion
  return { ...head, outcome, ...(previousDigest === undefined ? {} : { previousDigest }) }
}

function lost(tag: string): FleetImage {
  return { tag, outcome: "failed", why: "[TOOL_FAILED] the promotion told nothing of it" }
}
