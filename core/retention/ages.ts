// Since when an image is in a quarantine: the newest of what our signed acquisition provenance and the mirror history say of
// its digest. When it was built says nothing of that, and anybody could write it: what nobody dated is of unknown age.
import { maxClockSkew } from "../policy/judge/clock-skew.js"

export type DatedBy = { readonly source: "provenance" | "history"; readonly time: string }

/** `unknown`: with the reason why, which keeps it. */
export type Age = { readonly kind: "known"; readonly by: DatedBy } | { readonly kind: "unknown"; readonly why: string }

const undated = "neither signed acquisition provenance nor the mirror history says when it came"

/** A time that is still to come makes the age unknown: somebody's clock, or somebody's word, is wrong. */
export function ageOf(dates: readonly DatedBy[], now: Date): Age {
  const read = dates.filter(({ time }) => !Number.isNaN(Date.parse(time)))
  const [newest] = read.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time))
  if (newest === undefined) return { kind: "unknown", why: undated }
  if (Date.parse(newest.time) > now.getTime() + maxClockSkew)
    return { kind: "unknown", why: `its ${newest.source} says ${newest.time}, which is still to come` }
  return { kind: "known", by: newest }
}
