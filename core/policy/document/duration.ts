// Ages as operators write them: `90m`, `48h`, `5d`, `2w`.

const minute = 60 * 1000
const units: Readonly<Record<string, number>> = {
  m: minute,
  h: 60 * minute,
  d: 24 * 60 * minute,
  w: 7 * 24 * 60 * minute,
}
const pattern = /^([1-9][0-9]{0,5})([mhdw])$/

/** Milliseconds of a duration, or undefined when the text is none. */
export function durationOf(text: string): number | undefined {
  const match = pattern.exec(text.trim())
  const unit = units[match?.[2] ?? ""]
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit
}

/** `5d`, `36h` or `90m`: the largest unit that divides it. */
export function formatDuration(milliseconds: number): string {
  const unit = ["w", "d", "h"].find((name) => milliseconds % (units[name] ?? 1) === 0) ?? "m"
  return `${Math.round(milliseconds / (units[unit] ?? minute))}${unit}`
}
