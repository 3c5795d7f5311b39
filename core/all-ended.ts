// Work side by side that writes. `Promise.all` ends with the first failure while the others go on: whoever is told of it and
// tries again would meet what still writes, and both would attach the same.

/** All results; or the first failure in the order given, once nothing is under way any more. */
export async function allEnded<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works)
  return Promise.all(works)
}
