// The images of the right age, and of these the newest. Asking for an image's age reads it, at the target where that has it:
// there it takes nothing of the source's quota.
import { CsscError } from "../../errors.js"
import { bare, repositoryName } from "../../oci/reference.js"
import type { FleetEntry } from "../config/fleet.js"
import { imageMade, isOfAge } from "./image-age.js"
import { failureText, type SurveyedImage, type SurveyRun } from "./survey.js"

/** Images whose age is asked for one entry: each takes two requests or three. */
export const MAX_AGES_OF_ENTRY = 1000

export async function ofAge(
  run: SurveyRun,
  entry: FleetEntry,
  images: readonly SurveyedImage[],
): Promise<readonly SurveyedImage[]> {
  const { age, source, tags } = entry
  if (age === undefined) return images
  if (images.length > MAX_AGES_OF_ENTRY)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the age of ${images.length} images of ${repositoryName(source)} is asked for, more than ${MAX_AGES_OF_ENTRY}: ask for fewer, by glob or semver`,
    )
  const aged = await Promise.all(images.map((image) => run.limit(() => readAge(run, entry, image))))
  return aged.flatMap((one) => (one === undefined ? [] : [one])).slice(0, tags.newest)
}

/** The image, as one that cannot be judged when its age is not known; undefined when it is of another age. */
async function readAge(
  { operation, now }: SurveyRun,
  { age, source, target }: FleetEntry,
  image: SurveyedImage,
): Promise<SurveyedImage | undefined> {
  const { digest, targetDigest, from = source } = image
  if (age === undefined || digest === undefined) return image
  const at = digest === targetDigest ? target : from
  try {
    const made = await imageMade(operation.registry, { ...bare(at), digest }, now)
    if (made !== undefined) return isOfAge(age, made, now) ? image : undefined
  } catch (error) {
    return { tag: image.tag, error: failureText(error) }
  }
  if (age.unknown === "include") return image
  return age.unknown === "exclude" ? undefined : { ...image, isUnknownAge: true }
}
