// The most memory that any one process of a program held, from what the kernel keeps of each (VmHWM). The module's process is
// a container of this machine's engine, so its processes are seen here, too.
import { readdir, readFile } from "node:fs/promises"

const POLL_MILLISECONDS = 100

/** Does the work; MiB of the largest process whose command line has the words, undefined when none was seen. */
export async function peakMemory(words: string, work: () => Promise<unknown>): Promise<number | undefined> {
  let peak = 0
  const done = new AbortController()
  const watching = watch(words, done.signal, (kibibytes) => (peak = Math.max(peak, kibibytes)))
  try {
    await work()
  } finally {
    done.abort()
    await watching
  }
  return peak === 0 ? undefined : Math.round(peak / 1024)
}

async function watch(words: string, signal: AbortSignal, seen: (kibibytes: number) => void): Promise<void> {
  while (!signal.aborted) {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/u.test(name))) seen(await heldBy(pid, words))
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
}

// A process may end while it is looked at.
async function heldBy(pid: string, words: string): Promise<number> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
  if (!command.replaceAll("\0", " ").includes(words)) return 0
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "")
  return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1] ?? 0)
}
