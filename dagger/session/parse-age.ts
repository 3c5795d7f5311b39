// How old something may be, as the CLI gives it.
import { CsscError } from "../../core/errors.js"
import { durationOf } from "../../core/policy/document/duration.js"

/** Milliseconds of `48h` or `7d`; throws `ARGUMENT_INVALID`. */
export function parseAge(text: string): number {
  const age = durationOf(text)
  if (age !== undefined) return age
  throw new CsscError(
    "ARGUMENT_INVALID",
    `"${text.slice(0, 40)}" is not a duration: expected a number and m, h, d or w, such as 48h`,
  )
}
