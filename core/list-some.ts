/**
 * The first of a list, and how many more there are: a message stays one line, however many a stranger attached.
 * `a, b and 3 more`, or with semicolons, for parts that have commas, `a; b; and 3 more`.
 */
export function listSome(items: readonly string[], max = 10, separator: ", " | "; " = ", "): string {
  const rest = items.length - max
  const more = rest > 0 ? `${separator === "; " ? ";" : ""} and ${rest} more` : ""
  return items.slice(0, max).join(separator) + more
}
