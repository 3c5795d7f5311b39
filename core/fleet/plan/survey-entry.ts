// One entry surveyed: one listing, and for each tag a HEAD on either side. A registry that fails does so for its own entry,
// or its own tag, alone.
import { CsscError } from "../../errors.js"
import { unknownRepository } from "../../image/missing-image.js"
import { bare, formatReference, repositoryName } from "../../oci/reference.js"
import type { FleetEntry } from "../config/fleet.js"
import { ofAge } from "./select-by-age.js"
import { selectEntryTags } from "./select-entry-tags.js"
import { type Coming, failureText, type Survey, type SurveyedImage, type SurveyRun } from "./survey.js"

/** Never throws for what a registry does. */
export async function surveyEntry(run: SurveyRun, entry: FleetEntry, coming: readonly Coming[] = []): Promise<Survey> {
  const name = `survey ${repositoryName(entry.source)}`
  return run.operation.step(name, async () => {
    try {
      return await survey(run, entry, new Map(coming.map((one) => [one.tag, one])))
    } catch (error) {
      return { entry, outcome: "failed", why: failureText(error), listed: 0, images: [] }
    }
  })
}

async function survey(run: SurveyRun, entry: FleetEntry, coming: ReadonlyMap<string, Coming>): Promise<Survey> {
  const there = await run.limit(() => run.listings.tags(entry.source))
  if (there === undefined && coming.size === 0) {
    const why = unknownRepository(entry.source).reason
    return { entry, outcome: "missing", why, listed: 0, images: [] }
  }
  const listed = [...new Set([...(there ?? []), ...coming.keys()])]
  const { tags, unmatched } = selectEntryTags(entry, listed)
  run.meant.add(tags.length)
  const found = await Promise.all(tags.map((tag) => run.limit(() => surveyImage(run, entry, tag, coming.get(tag)))))
  const images = await ofAge(run, entry, found)
  const outcome = unmatched === undefined ? "selected" : "nothing-matched"
  return { entry, outcome, ...(unmatched === undefined ? {} : { why: unmatched }), listed: there?.length ?? 0, images }
}

async function surveyImage(
  { operation: { registry }, meant }: SurveyRun,
  { source, target }: FleetEntry,
  tag: string,
  coming: Coming | undefined,
): Promise<SurveyedImage> {
  try {
    meant.require()
    const [digest, targetDigest] = await Promise.all([
      coming?.digest ?? registry.resolve({ ...bare(source), tag }),
      registry.resolve({ ...bare(target), tag }),
    ])
    if (digest === undefined) {
      const name = formatReference({ ...bare(source), tag })
      const why = new CsscError("REGISTRY_NOT_FOUND", `${name} is listed, but not there: run it again`)
      return { tag, error: why.message }
    }
    const at = targetDigest === undefined ? {} : { targetDigest }
    return { ...coming, tag, digest, ...at }
  } catch (error) {
    return { tag, error: failureText(error) }
  }
}
