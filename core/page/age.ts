// Times as people think of them: how long ago.
const minute = 60_000
const units = [
  [365 * 24 * 60, "y"],
  [24 * 60, "d"],
  [60, "h"],
  [1, "min"],
] as const

/** `3 h ago`, `in 4 d`, `just now`; a text that is no time as it is. */
export function ageOf(at: string, now: Date): string {
  const then = Date.parse(at)
  if (Number.isNaN(then)) return at
  const minutes = Math.round(Math.abs(now.getTime() - then) / minute)
  const [size, unit] = units.find(([length]) => minutes >= 2 * length || minutes === length) ?? [1, ""]
  if (unit === "") return "just now"
  const span = `${Math.round(minutes / size)} ${unit}`
  return then > now.getTime() ? `in ${span}` : `${span} ago`
}

/** To the minute, in UTC. */
export function momentOf(at: string): string {
  const then = new Date(at)
  return Number.isNaN(then.getTime()) ? at : `${then.toISOString().slice(0, 16).replace("T", " ")} UTC`
}
