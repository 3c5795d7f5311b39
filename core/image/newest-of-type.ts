// Attachments of one type, the newest first: where a few of many are compared, those come first that may say what is true now.
import { compareText } from "../findings/canonical-json.js"
import { annotationKeys } from "../oci/media-types.js"
import type { Referrer } from "../oci/referrers.js"

/** At most `most`, by the time that their annotations tell, which whoever attached them wrote. */
export function newestOfType(listed: readonly Referrer[], predicateType: string, most: number): readonly Referrer[] {
  return listed
    .filter(({ annotations }) => annotations[annotationKeys.predicateType] === predicateType)
    .sort((a, b) => compareText(createdText(b), createdText(a)))
    .slice(0, most)
}

function createdText({ annotations }: Referrer): string {
  return annotations[annotationKeys.created] ?? ""
}
