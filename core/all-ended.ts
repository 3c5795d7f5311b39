// Work side by side that writes. `Promise.all` ends with the first failure while the others go on: whoever is told of it and
// tries again would meet what still writes, and both would attach the same.

/** All results; or what failed first, once nothing is under way any more. */
export async function allEnded<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const all = Promise.all(works)
  await Promise.allSettled([all, ...works])
  return all
}
