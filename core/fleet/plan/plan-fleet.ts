// All entries of a shard surveyed and decided, side by side; what takes an image further is planned after what brings it.
import pLimit from "p-limit"
import { readSnapshot } from "../../acquire/history.js"
import type { HistorySnapshot } from "../../acquire/history-snapshot.js"
import { isKnown } from "../../evidence/mirror-history.js"
import { bare, repositoryName } from "../../oci/reference.js"
import { byTarget } from "../config/chains.js"
import type { Fleet, FleetEntry } from "../config/fleet.js"
import { inShard, type Shard } from "../shard/shard.js"
import { type Known, planImage, type PlannedEntry, type PlannedImage } from "./planned.js"
import {
  type Coming,
  failureText,
  Listings,
  Meant,
  type Survey,
  type SurveyOperation,
  type SurveyRun,
} from "./survey.js"
import { surveyEntry } from "./survey-entry.js"

/** Images asked about at once: what they ask of a registry waits for its connections. */
const IMAGES_AT_ONCE = 64

/** The entries of the shard in the order of the file, planned. Throws `LIMIT_EXCEEDED` for more images than one run takes. */
export async function planFleet(
  operation: SurveyOperation,
  fleet: Pick<Fleet, "entries">,
  shard: Shard,
): Promise<readonly PlannedEntry[]> {
  const targets = byTarget(fleet.entries)
  const run: SurveyRun = {
    operation,
    now: operation.now(),
    meant: new Meant(),
    listings: new Listings((repository) => operation.registry.tags(repository)),
    limit: pLimit(IMAGES_AT_ONCE),
  }
  const planned = new Map<FleetEntry, Promise<PlannedEntry>>()
  const plan = (entry: FleetEntry): Promise<PlannedEntry> => {
    const begun = planned.get(entry)
    if (begun !== undefined) return begun
    const above = targets.get(repositoryName(entry.source))
    const entryPlan = (above === undefined ? Promise.resolve([]) : plan(above).then(comingFrom)).then((coming) =>
      planEntry(run, entry, coming),
    )
    planned.set(entry, entryPlan)
    return entryPlan
  }
  const entries = await Promise.all(inShard(fleet.entries, shard).map(plan))
  run.meant.require()
  return entries
}

async function planEntry(run: SurveyRun, entry: FleetEntry, coming: readonly Coming[]): Promise<PlannedEntry> {
  const survey = await surveyEntry(run, entry, coming)
  try {
    const history = await readHistoryOf(run, survey)
    const known: Known = {
      isAcquired: (sourceTag, sourceDigest) =>
        history !== undefined && isKnown(history.history, { sourceTag, sourceDigest }),
    }
    const images = survey.images.map((image) => planImage(entry, image, known))
    return { ...survey, images, ...(history === undefined ? {} : { history }) }
  } catch (error) {
    return { ...survey, outcome: "failed", why: failureText(error), images: [] }
  }
}

/** What was acquired before; asked only when something would come. */
async function readHistoryOf(
  { operation, limit }: SurveyRun,
  { entry, images }: Survey,
): Promise<HistorySnapshot | undefined> {
  const isAsked =
    entry.kind === "mirror" && entry.history && images.some(({ digest, targetDigest }) => digest !== targetDigest)
  if (!isAsked) return undefined
  return limit(() => readSnapshot(operation.registry, bare(entry.target), repositoryName(entry.source)))
}

/** What an entry brings to its target that is not there yet. */
function comingFrom({ entry, images }: PlannedEntry): readonly Coming[] {
  return images.flatMap((planned) => comingImage(entry, planned))
}

function comingImage(entry: FleetEntry, { image, action }: PlannedImage): Coming[] {
  const { tag, digest, targetDigest, from = entry.source } = image
  if (digest === undefined || digest === targetDigest) return []
  if (action === "copy") return [{ tag, digest, from, coming: "surely" }]
  // A promotion may be blocked, what was acquired before stays away, and a choice of platforms has a digest of its own.
  return action === "judge" || action === "look" ? [{ tag, digest, from, coming: "perhaps" }] : []
}
