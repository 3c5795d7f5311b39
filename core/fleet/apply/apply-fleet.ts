// A plan carried out: chains side by side, in each chain one entry after the other, images side by side within one bound for
// all. What fails is one image's end, and what a registry does not do is that of its own images.
import pLimit from "p-limit"
import { repositoryName } from "../../oci/reference.js"
import type { Operation } from "../../operation.js"
import { byTarget } from "../config/chains.js"
import type { FleetEntry, MirrorEntry, PromotionEntry } from "../config/fleet.js"
import type { PlannedEntry } from "../plan/planned.js"
import { applyMirror, type MirrorSettings } from "./apply-mirror.js"
import { applyPromotion, type PromotionSettings } from "./apply-promotion.js"
import type { AppliedEntry, FleetImage } from "./fleet-result.js"

/** Images under way at once. */
const IMAGES_AT_ONCE = 32

export type ApplyWorld = {
  /** With the policy of the entry. */
  readonly operationOf: (entry: FleetEntry) => Operation
  readonly mirrorSettings: (entry: MirrorEntry) => MirrorSettings
  readonly promotionSettings: (entry: PromotionEntry) => PromotionSettings
  /** Takes a line for each image that ended. */
  readonly progress: (line: string) => void
}

/** All entries of a plan, in its order. */
export async function applyFleet(world: ApplyWorld, plan: readonly PlannedEntry[]): Promise<readonly AppliedEntry[]> {
  const targets = byTarget(plan.map(({ entry, ...rest }) => ({ ...rest, entry, ...endsOf(entry) })))
  const limit = pLimit(IMAGES_AT_ONCE)
  const tell = counting(world, plan)
  const applied = new Map<FleetEntry, Promise<AppliedEntry>>()
  const apply = (planned: PlannedEntry): Promise<AppliedEntry> => {
    const { entry } = planned
    const begun = applied.get(entry)
    if (begun !== undefined) return begun
    const above = targets.get(repositoryName(entry.source))
    const before = above === undefined ? Promise.resolve(nothing) : apply(above).then(byTag)
    const ended = before.then(async (ends) => ({
      ...planned,
      images: await applyEntry({ world, limit, tell }, planned, ends),
    }))
    applied.set(entry, ended)
    return ended
  }
  return Promise.all(plan.map(apply))
}

type ApplyRun = {
  readonly world: ApplyWorld
  readonly limit: ReturnType<typeof pLimit>
  readonly tell: (entry: FleetEntry, image: FleetImage) => void
}

const nothing: ReadonlyMap<string, FleetImage> = new Map()

async function applyEntry(
  { world, limit, tell }: ApplyRun,
  planned: PlannedEntry,
  above: ReadonlyMap<string, FleetImage>,
): Promise<readonly FleetImage[]> {
  const { entry, images } = planned
  if (images.length === 0) return []
  const operation = quiet(world.operationOf(entry))
  if (entry.kind === "promotion") {
    const settings = world.promotionSettings(entry)
    return applyPromotion({ operation, settings, limit, above, done: (image) => tell(entry, image) }, entry, planned)
  }
  const { history } = planned
  const settings = { ...world.mirrorSettings(entry), ...(history === undefined ? {} : { knownHistory: history }) }
  const one = async (image: (typeof images)[number]) => {
    const ended = await applyMirror(operation, entry, image, settings)
    tell(entry, ended)
    return ended
  }
  return Promise.all(images.map((image) => limit(() => one(image))))
}

/** A line for each image that ended, with how many there are: `37/200 copied registry.example/app:1`. */
function counting({ progress }: ApplyWorld, plan: readonly PlannedEntry[]): ApplyRun["tell"] {
  const all = plan.reduce((sum, { images }) => sum + images.length, 0)
  let ended = 0
  return ({ target }, { tag, outcome, why }) => {
    ended += 1
    const told = outcome === "failed" && why !== undefined ? `: ${why}` : ""
    progress(`${ended}/${all} ${outcome} ${repositoryName(target)}:${tag}${told}`)
  }
}

// Its own lines would come beside those that count.
function quiet(operation: Operation): Operation {
  return { ...operation, progress: () => undefined, step: (name, work) => operation.step(name, work) }
}

function byTag({ images }: AppliedEntry): ReadonlyMap<string, FleetImage> {
  return new Map(images.map((image) => [image.tag, image]))
}

function endsOf({ source, target }: FleetEntry) {
  return { source, target }
}
