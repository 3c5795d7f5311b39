// The end of an image's life, as its lifecycle artifact says. Who signed that does not matter here: a stranger can only
// stop an image with it, never let one pass, and a publisher's unsigned note that an image is dead must count.
import type { Lifecycle } from "../../findings/assessment.js"
import { expiryOf } from "../document/expiry.js"
import type { Reason } from "../verdict/verdict.js"
import type { Case } from "./rule.js"

export function lifecycleRule({ assessment: { lifecycle }, policy, now }: Case): Reason[] {
  const message = endOfLifeMessage(lifecycle, now)
  return message === undefined ? [] : [{ code: "END_OF_LIFE", effect: policy.endOfLife, message }]
}

/** Why an image is at the end of its life, if it is; a date that cannot be read counts as past. */
export function endOfLifeMessage(lifecycle: Lifecycle | undefined, now: Date): string | undefined {
  if (lifecycle === undefined) return undefined
  const { endOfLife, reason, successor } = lifecycle
  const end = endOf(endOfLife)
  if (end !== undefined && now.getTime() < end) return undefined
  if (end === undefined)
    return `the image's end of life cannot be read: ${JSON.stringify(endOfLife.slice(0, 60))} is neither YYYY-MM-DD nor RFC 3339`
  const why = reason === undefined ? "" : ` (${reason})`
  const next = successor === undefined ? "" : `; its successor is ${successor}`
  return `the image reached its end of life on ${endOfLife}${why}${next}`
}

// A day counts from its start, so that an image that is retired today does not pass until midnight.
function endOf(text: string): number | undefined {
  if (expiryOf(text) === undefined) return undefined
  return Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text)
}
