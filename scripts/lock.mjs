// One builder at a time: two sessions that need the same part at once build it once. A lock names the process that
// holds it, so that one left behind by a process that died is no obstacle.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** Runs `work` while holding the lock file; waits for as long as another living process holds it. */
export async function locked(file, work) {
  mkdirSync(dirname(file), { recursive: true })
  for (let waited = 0; !take(file); waited++) {
    if (waited === 0) console.error(`cssc: waiting for process ${holder(file)}, which holds ${file}`)
    await sleep(500)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" })
    return true
  } catch (error) {
    if (error.code !== "EEXIST") throw error
    if (!alive(holder(file))) rmSync(file, { force: true })
    return false
  }
}

function holder(file) {
  try {
    return Number(readFileSync(file, "utf8"))
  } catch {
    return 0
  }
}

// A lock that was just made may still be empty: its holder lives, until the next look at it.
function alive(pid) {
  if (!pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}
