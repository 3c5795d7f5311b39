// A long step shows that it lives. Short ones say nothing.
const interval = 30_000

/** Does the work, and says every half minute for how long it has been at it. */
export async function withProgress(name, work) {
  const started = Date.now()
  const say = () => console.error(`cssc: still ${name}, ${Math.round((Date.now() - started) / 1000)} s`)
  const timer = setInterval(say, interval)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
