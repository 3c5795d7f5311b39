// Matching with stars in bounded time. A regular expression with several stars backtracks: what it costs grows with the
// power of their number, and whoever names tags or packages decides on what.

/** One part of a pattern: any number of items, or one item that it tells. */
export type StarPart<Item> = "*" | ((item: Item) => boolean)

/**
 * Tells whether items match a pattern whole, in at most pattern × items steps. Greedy, and only the last star is
 * remembered: when the rest does not fit, that star takes one item more; an earlier star could not help, as whatever it
 * took in addition the last one can take.
 */
export function matchesWithStars<Item>(pattern: readonly StarPart<Item>[], items: ArrayLike<Item>): boolean {
  let [at, item, star, mark] = [0, 0, -1, 0]
  while (item < items.length) {
    const part = pattern[at]
    if (part === "*") [star, mark, at] = [at, item, at + 1]
    else if (part?.(items[item] as Item) === true) [at, item] = [at + 1, item + 1]
    else if (star >= 0) [at, mark, item] = [star + 1, mark + 1, mark + 1]
    else return false
  }
  return pattern.slice(at).every((part) => part === "*")
}
