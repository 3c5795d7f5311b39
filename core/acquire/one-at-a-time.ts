// Registries cannot compare and swap: writers of one process that would meet take turns, and only those of others collide.
const turns = new Map<string, Promise<unknown>>()

/** Runs work after all that came before under the same key, whether that failed or not. */
export async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(key) ?? Promise.resolve()).then(work, work)
  turns.set(key, turn)
  try {
    return await turn
  } finally {
    if (turns.get(key) === turn) turns.delete(key)
  }
}
