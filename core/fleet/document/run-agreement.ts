// Results of promotions that lie beside a fleet's own: they tell the same images, so they have to tell the same end.
import { CsscError } from "../../errors.js"
import { listSome } from "../../list-some.js"
import type { ImageRow } from "./rows.js"

/** How a target of a run ended: registry/repository:tag. */
export type RunEnd = { readonly target: string; readonly outcome: string }

const maxNamed = 5

/** Throws `REPORT_INVALID` unless each end of a run is that of the fleet's row. */
export function requireAgreement(images: readonly ImageRow[], ends: readonly RunEnd[], name: string): void {
  const promotions = images.filter(({ kind }) => kind === "promotion")
  const rows = new Map(promotions.map(({ target, outcome }) => [target, outcome]))
  const unlike = ends
    .filter(({ target, outcome }) => rows.get(target) !== outcome)
    .map(
      ({ target, outcome }) => `${target} is ${outcome} in its run and ${rows.get(target) ?? "not there"} in ${name}`,
    )
  if (unlike.length === 0) return
  throw new CsscError(
    "REPORT_INVALID",
    `runs/ is of another fleet: ${listSome(unlike, maxNamed, "; ")}. If they are of an earlier export: \`export --wipe\` leaves none`,
  )
}
