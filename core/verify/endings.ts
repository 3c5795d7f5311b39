// What a verdict rests on that ends by itself: after that the proof is none, whatever its age.
import { compareText } from "../findings/canonical-json.js"
import { expiryOf } from "../policy/document/expiry.js"
import type { Verdict } from "../policy/verdict/verdict.js"

/** `expires` is a moment, ISO 8601 in UTC. */
export type Ending = { readonly what: string; readonly owner?: string; readonly expires: string }

/** Soonest first; what never ends is not among them. */
export function endingsOf({ exceptions, override }: Pick<Verdict, "exceptions" | "override">): readonly Ending[] {
  const used = exceptions.flatMap(({ uses, id, package: purl, owner, expires }) => {
    const moment = expires === undefined ? undefined : expiryOf(expires)
    if (uses === 0 || moment === undefined) return []
    const what = [id, purl].filter((part) => part !== undefined).join(" in ")
    return [{ what: `the exception for ${what}`, ...(owner === undefined ? {} : { owner }), expires: moment }]
  })
  const overridden =
    override?.state === "used"
      ? [{ what: "the override", owner: override.approver, expires: new Date(override.expires).toISOString() }]
      : []
  return [...used, ...overridden].sort((a, b) => compareText(a.expires, b.expires) || compareText(a.what, b.what))
}
